import { classifyName, holdsSecrets } from '../key-names.ts';
import type { Source } from '../source.ts';
import { argumentAfter } from './arguments.ts';
import { elementsBelow, quotedElements } from './list-values.ts';
import { isSecretName, type Name, searchNames } from './names.ts';
import { parentName } from './parent-name.ts';
import { statementValue } from './statements.ts';
import { type ConfigStyle, styleOf } from './style.ts';
import { treeEntries, withTree } from './tree-entries.ts';
import { type ConfigValue, captured, quotedAt, valueAt } from './values.ts';
import { wholeFile } from './whole-file.ts';
import { xmlValue } from './xml.ts';

/** One `name: value` of a configuration file whose name mentions a secret. */
export interface ConfigEntry extends ConfigValue {
  readonly name: string;
  readonly style: ConfigStyle | 'argument';
  /** On a line that is commented out. */
  readonly comment: boolean;
  /** Among other words, which may be prose. */
  readonly loose?: true;
}

/** Entries of a configuration file that are worth a look, in order. Linear: one pass for the words. */
export function configEntries(source: Source): readonly ConfigEntry[] {
  return source.derive(findEntries);
}

function findEntries(source: Source): readonly ConfigEntry[] {
  const text = source.text;
  const style = text === null ? null : styleOf(source.path, text);
  if (text === null) return [];
  if (style === null) return wholeFile(source.path, text);
  const entries: ConfigEntry[] = [];
  const starts = new Set<number>();
  let needsTree = false;
  searchNames(text, (name) => {
    for (const entry of entriesAt(text, name, style)) {
      if (!starts.has(entry.span.start)) entries.push(entry);
      starts.add(entry.span.start);
    }
    needsTree ||= (style === 'yaml' || style === 'json') && asksForTree(text, name);
  });
  return needsTree ? withTree(entries, treeEntries(source, style)) : entries;
}

type LooseValue = ConfigValue & Pick<ConfigEntry, 'loose'>;

/** What may stand before a name on its line. */
const LEAD =
  /(?:^|[{,[(]|;|&)[ \t]*(?<comment>#[ \t]*|;[ \t]*|\/\/[ \t]*|rem[ \t]+)?(?:- |\? |export |declare -x |setx? |\$env:|ENV |ARG |SetEnv |Environment=|variable |resource "[\w-]{1,60}" |env\[|[\w-]{1,60}(?:::[\w-]{1,60}){0,5}(?:\.|::?))?["']?$/i;

/** `Admin Password: …`, `a: 1 # the old password: …`. */
const LOOSE =
  /^[ \t]*["']?(?<words>(?:[A-Za-z0-9]{1,30} ){1,3})$|(?:^|[ \t])(?<comment>#)[ \t]*(?:[\w ,-]{0,40}[ \t])?$/;
const COMMENTED_LINE = /^[ \t]*(?:#|;|\/\/|rem[ \t])[ \t]*[\w.-]*$/i;

const LEAD_LENGTH = 120;

function leadOf(text: string, name: Name): string {
  const before = text.slice(Math.max(0, name.start - LEAD_LENGTH), name.start);
  return before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
}

function entriesAt(text: string, name: Name, style: ConfigStyle): readonly ConfigEntry[] {
  const entry = style === 'sql' ? null : (entryAt(text, name, style) ?? namedEntry(text, name));
  const found = entry ?? argumentEntry(text, name) ?? statementEntry(text, name, style);
  if (found !== null) return [/^key$/i.test(name.text) ? underParent(text, name, found) : found];
  const isMany = HAS_ELEMENTS.has(style) && holdsSecrets(name.text);
  return isMany ? elementEntries(text, name, style) : [];
}

const HAS_ELEMENTS: ReadonlySet<ConfigStyle> = new Set([
  'yaml',
  'json',
  'assignments',
  'terraform',
  'quoted',
]);

function elementEntries(text: string, name: Name, style: ConfigStyle): readonly ConfigEntry[] {
  const comment = COMMENTED_LINE.test(leadOf(text, name));
  const values = quotedElements(text, name);
  return (values.length === 0 && style === 'yaml' ? elementsBelow(text, name) : values).map(
    (value) => ({ name: name.text, style, comment, ...value }),
  );
}

/** `name: …` (or `key`) with its `value: …` on one of the next lines. */
const NAMING =
  /(?:^|[\s{,"'-])(?:name|key|Name|Key|option|id)["']?[ \t]{0,20}[:=][ \t]{0,20}["']?[\w/.-]{0,100}$/;
const NAMED_VALUE =
  /["']?,?[ \t]*\r?\n(?:[ \t]*["']?(?:type|description|tier)\b[^\n]{0,200}\n){0,3}[ \t]*["']?value["']?[ \t]*[:=][ \t]+(?![|>])/iy;

function namedEntry(text: string, name: Name): ConfigEntry | null {
  const lead = leadOf(text, name);
  if (!NAMING.test(lead) || /^[ \t]*#/.test(lead)) return null;
  NAMED_VALUE.lastIndex = name.end;
  const found = NAMED_VALUE.exec(text);
  const value = found === null ? null : valueAt(text, name.end + found[0].length, 'yaml');
  return value === null ? null : { name: name.text, style: 'argument', comment: false, ...value };
}

/** A `key` is what the map around it says: `Jwt: { Key: … }`. */
function underParent(text: string, name: Name, entry: ConfigEntry): ConfigEntry {
  const parent = entry.value.length < 8 ? null : parentName(text, name);
  return parent === null ? entry : { ...entry, name: `${parent}.${entry.name}` };
}

function statementEntry(text: string, name: Name, style: ConfigStyle): ConfigEntry | null {
  const value = statementValue(text, name);
  if (value === null) return null;
  return { name: 'password', style, comment: false, ...value };
}

function entryAt(text: string, name: Name, style: ConfigStyle): ConfigEntry | null {
  if (style === 'xml') {
    const value = xmlValue(text, name);
    return value === null ? null : { name: name.text, style, comment: false, ...value };
  }
  const lead = leadOf(text, name);
  if (lead.endsWith('\\"')) return inString(text, name, { style, pattern: QUOTED_IN_STRING });
  if (lead.lastIndexOf('{{') > lead.lastIndexOf('}}')) return null;
  if (/\\n {0,40}$/.test(lead)) return inString(text, name, { style, pattern: PLAIN_IN_STRING });
  if (/\bpath["']?:[ \t]*["']?[\w/~.-]{0,100}\/$/.test(lead)) return patchEntry(text, name, style);
  const found = LEAD.exec(lead) ?? LOOSE.exec(lead);
  if (found === null && style !== 'json' && style !== 'quoted') return null;
  const joined = valueAfter(text, name, style);
  const spaced = joined === null ? spacedValue(text, name, style) : null;
  const value: LooseValue | null = joined ?? spaced ?? innerSetting(text, name, style);
  if (value === null) return null;
  const comment = found?.groups?.comment !== undefined;
  const loose =
    value.loose === true ||
    found?.groups?.words !== undefined ||
    (comment && !COMMENTED_LINE.test(lead)) ||
    (spaced !== null && style === 'yaml');
  return { name: name.text, style, comment, ...(loose ? { loose } : {}), ...value };
}

/** JSON or YAML within a string of JSON: `{\"password\": \"…\"}`, `auth:\n  password: …\n`. */
const QUOTED_IN_STRING = /\\"[ \t]{0,8}:[ \t]{0,8}\\"([^"\\\n]{1,1000})\\"/y;
const PLAIN_IN_STRING = /:[ ]{1,8}([^\s"\\]{1,1000})(?=\\n|")/y;

interface InString {
  readonly style: ConfigStyle;
  readonly pattern: RegExp;
}

function inString(text: string, name: Name, { style, pattern }: InString): ConfigEntry | null {
  const value = captured(text, name.end, pattern);
  return value === null ? null : { name: name.text, style, comment: false, ...value };
}

/** `path: /spec/values/password` of a patch, with its `value:` on the next line. */
function patchEntry(text: string, name: Name, style: ConfigStyle): ConfigEntry | null {
  const pattern =
    /["']?[ \t]*\r?\n[ \t]*["']?value["']?:[ \t]+["']?([^\s"'{[&*!|>][^\s"']{0,1000})/y;
  return inString(text, name, { style, pattern });
}

function argumentEntry(text: string, name: Name): ConfigEntry | null {
  const value = argumentAfter(text, name);
  if (value === null) return null;
  const before = text.slice(Math.max(0, name.start - LONGEST_COMMAND), name.start);
  const comment = COMMENTED.test(before.slice(before.lastIndexOf('\n') + 1));
  return { name: name.text, style: 'argument', comment, ...value };
}

const LONGEST_COMMAND = 2000;
const COMMENTED = /^[ \t]*(?:#|\/\/|;|rem[ \t])/i;

const SEPARATORS: Readonly<
  Record<Exclude<ConfigStyle, 'json' | 'xml' | 'sql' | 'quoted'>, RegExp>
> = {
  yaml: /["']?[ \t]{0,20}(?::[ \t]+|=(?![=~]))|"[ \t]{0,20}:(?=["'])/y,
  assignments: /["']?\]?[ \t]{0,40}(?:=>?|:=?)[ \t]{0,40}(?:\\\r?\n[ \t]{0,40})?/y,
  terraform:
    /"?[ \t]{0,40}(?:=|:)[ \t]{0,40}|"[ \t]{0,4}\{[^{}]{0,400}?\b(?:default|value|secret_string)[ \t]{0,40}=[ \t]{0,40}/y,
  shell: /[ \t]{0,4}[:?]?=[ \t]{0,4}|"[ \t]{0,4}:[ \t]{0,4}(?=")/y,
};

function valueAfter(text: string, name: Name, style: ConfigStyle): ConfigValue | null {
  if (style === 'xml' || style === 'sql') return null;
  if (style === 'json' || style === 'quoted') {
    const colon =
      style === 'json'
        ? /["']?[ \t\r\n]{0,40}:[ \t\r\n]{0,200}(?=["'])/y
        : /["'][ \t]{0,40},[ \t]{0,40}(?=["'])|["']?\]?(?:[ \t]{1,4}string)?[ \t]{0,40}(?:=>|:=|=|:)[ \t]{0,40}(?=["'])/y;
    colon.lastIndex = name.end;
    const found = colon.exec(text);
    return found === null ? null : quotedAt(text, name.end + found[0].length);
  }
  const separator = SEPARATORS[style];
  separator.lastIndex = name.end;
  const found = separator.exec(text);
  if (found === null) return null;
  const isAssigned = style === 'yaml' && found[0].endsWith('=');
  return valueAt(text, name.end + found[0].length, isAssigned ? 'inner-shell' : style);
}

/** `requirepass …` at the beginning of a line, and nothing behind the value. */
function spacedValue(text: string, name: Name, style: ConfigStyle): ConfigValue | null {
  if (style !== 'assignments' && style !== 'yaml') return null;
  const lead = leadOf(text, name).trimStart();
  const says = lead === 'SetEnv ' ? isSecretName(name.text) : lead === '';
  if (!says || (lead === '' && classifyName(name.text) !== 'password')) return null;
  const rest = /[ \t]{1,20}["']?([^\s"'=:;{}]{6,200})["']?[ \t]*(?=[\r\n]|$)/y;
  return captured(text, name.end, rest);
}

/**
 * `password = …` of an INI, TOML or HCL file within YAML. Without quotes it may as well be a line of a
 * program.
 */
function innerSetting(text: string, name: Name, style: ConfigStyle): LooseValue | null {
  if (style !== 'yaml') return null;
  const quoted = /[ \t]{1,20}=[ \t]{1,20}["']([^"'\\$\n]{1,1000})["'][ \t]*(?=[\r\n]|$)/y;
  const bare = /[ \t]{1,20}=[ \t]{1,20}([\w+/=.~!@#%^&*:-]{1,1000})[ \t]*(?=[\r\n]|$)/y;
  const found = captured(text, name.end, quoted);
  if (found !== null) return found;
  const plain = captured(text, name.end, bare);
  // `settings.API_KEY`: where the value is, and not the value.
  if (plain === null || /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/.test(plain.value)) return null;
  return { ...plain, loose: true };
}

/** A value on a later line, an anchor or alias, a flow collection, a name that is itself a value. */
const AWAY =
  /["']?[ \t]{0,20}:[ \t]{0,20}(?:[*&!]|(?:#[^\n]{0,200})?\r?\n(?:-[ \t]|[ \t]{1,200}(?:["']|-[ \t]|(?:value|type|default|description|noecho):|[^\s:#{}[\]][^\n:]{0,300}(?:\n|$))))/iy;

/** Whether only the structure tells what belongs to this name. */
function asksForTree(text: string, name: Name): boolean {
  if (!isSecretName(name.text)) return false;
  const lead = leadOf(text, name);
  if (
    /(?:^|[\s"'{,-])(?:name|key|k|env|option|field|param|parameter|id)["']?[ \t]*:[ \t]*["']?$/i.test(
      lead,
    )
  )
    return true;
  if (/[{[,?]/.test(lead)) return true;
  AWAY.lastIndex = name.end;
  return AWAY.test(text);
}
