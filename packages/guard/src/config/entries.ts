import { classifyName, mentionsSecret } from '../key-names.ts';
import type { Source } from '../source.ts';
import { Automaton } from '../tokens/automaton.ts';
import type { TextSpan } from '../types.ts';
import { argumentAfter } from './arguments.ts';
import { type ConfigStyle, styleOf } from './style.ts';
import { treeEntries, withTree } from './tree-entries.ts';
import { type ConfigValue, captured, quotedAt, valueAt } from './values.ts';
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

const WORDS = [
  'pass',
  'pwd',
  'secret',
  'token',
  'key',
  'cred',
  'auth',
  'dsn',
  'connection',
  'conn',
  'htpasswd',
  'webhook',
  'bearer',
  'psk',
  'salt',
  'seed',
  'mnemonic',
  'database',
  'redis',
  'mongo',
  'amqp',
  'rabbitmq',
  'broker',
  'hmac',
  'jwt',
  'private',
  'pat',
  'pw',
  'kennwort',
  'contrasena',
];

let words: Automaton | undefined;

/** Entries of a configuration file that are worth a look, in order. Linear: one pass for the words. */
export function configEntries(source: Source): readonly ConfigEntry[] {
  return source.derive(findEntries);
}

function findEntries(source: Source): readonly ConfigEntry[] {
  const text = source.text;
  const style = text === null ? null : styleOf(source.path, text);
  if (text === null || style === null) return [];
  words ??= new Automaton(WORDS);
  const entries: ConfigEntry[] = [];
  let last = -1;
  let needsTree = false;
  words.search(text, (_, start, end) => {
    const name = nameAround(text, start, end);
    if (name === null || name.start <= last) return;
    last = name.start;
    const entry = entryAt(text, name, style) ?? argumentEntry(text, name);
    if (entry !== null) entries.push(entry);
    needsTree ||= (style === 'yaml' || style === 'json') && asksForTree(text, name);
  });
  return needsTree ? withTree(entries, treeEntries(source, style)) : entries;
}

type LooseValue = ConfigValue & Pick<ConfigEntry, 'loose'>;

interface Name extends TextSpan {
  readonly text: string;
}

const LONGEST_NAME = 100;

function nameAround(text: string, start: number, end: number): Name | null {
  let from = start;
  while (from > 0 && isNameCode(text.charCodeAt(from - 1)) && start - from < LONGEST_NAME) from--;
  let to = end;
  while (isNameCode(text.charCodeAt(to)) && to - end < LONGEST_NAME) to++;
  const name = text.slice(from, to).replace(/^[.-]+/, '');
  if (
    name.length > LONGEST_NAME ||
    (!mentionsSecret(name) &&
      !/url|uri|dsn|conn|seed|salt|mnemonic|pw|jwt/i.test(name) &&
      !isSecretName(name))
  )
    return null;
  return { text: name, start: to - name.length, end: to };
}

function isNameCode(code: number): boolean {
  return (
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    (code >= 97 && code <= 122) ||
    code === 95 ||
    code === 45 ||
    code === 46
  );
}

/** What may stand before a name on its line. */
const LEAD =
  /(?:^|[{,[(]|;|&)[ \t]*(?<comment>#[ \t]*|;[ \t]*|\/\/[ \t]*|rem[ \t]+)?(?:- |\? |export |declare -x |setx? |\$env:|ENV |ARG |Environment=|variable |resource "[\w-]{1,60}" |[\w-]{1,60}\.)?["']?$/i;

/** `Admin Password: …`, `a: 1 # the old password: …`. */
const LOOSE =
  /^[ \t]*["']?(?<words>(?:[A-Za-z0-9]{1,30} ){1,3})$|(?:^|[ \t])(?<comment>#)[ \t]*(?:[\w ,-]{0,40}[ \t])?$/;
const COMMENTED_LINE = /^[ \t]*(?:#|;|\/\/|rem[ \t])[ \t]*[\w.-]*$/i;

const LEAD_LENGTH = 120;

function leadOf(text: string, name: Name): string {
  const before = text.slice(Math.max(0, name.start - LEAD_LENGTH), name.start);
  return before.slice(Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1);
}

function entryAt(text: string, name: Name, style: ConfigStyle): ConfigEntry | null {
  if (style === 'xml') {
    const value = xmlValue(text, name);
    return value === null ? null : { name: name.text, style, comment: false, ...value };
  }
  const lead = leadOf(text, name);
  if (lead.endsWith('\\"')) return inString(text, name, { style, pattern: QUOTED_IN_STRING });
  if (/\\n {0,40}$/.test(lead)) return inString(text, name, { style, pattern: PLAIN_IN_STRING });
  if (/\bpath["']?:[ \t]*["']?[\w/~.-]{0,100}\/$/.test(lead)) return patchEntry(text, name, style);
  const found = LEAD.exec(lead) ?? LOOSE.exec(lead);
  if (found === null && style !== 'json') return null;
  const value: LooseValue | null =
    valueAfter(text, name, style) ??
    spacedValue(text, name, style) ??
    innerSetting(text, name, style);
  if (value === null) return null;
  const comment = found?.groups?.comment !== undefined;
  const loose =
    value.loose === true ||
    found?.groups?.words !== undefined ||
    (comment && !COMMENTED_LINE.test(lead));
  return { ...value, name: name.text, style, comment, ...(loose ? { loose } : {}) };
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

const SEPARATORS: Readonly<Record<Exclude<ConfigStyle, 'json' | 'xml'>, RegExp>> = {
  yaml: /["']?[ \t]{0,20}(?::[ \t]+|=)|"[ \t]{0,20}:(?=["'])/y,
  assignments: /["']?[ \t]{0,40}(?:=>?|:=?)[ \t]{0,40}(?:\\\r?\n[ \t]{0,40})?/y,
  terraform:
    /"?[ \t]{0,40}(?:=|:)[ \t]{0,40}|"[ \t]{0,4}\{[^{}]{0,400}?\b(?:default|value|secret_string)[ \t]{0,40}=[ \t]{0,40}/y,
  shell: /[ \t]{0,4}[:?]?=[ \t]{0,4}/y,
};

function valueAfter(text: string, name: Name, style: ConfigStyle): ConfigValue | null {
  if (style === 'xml') return null;
  if (style === 'json') {
    const colon = /"[ \t\r\n]{0,40}:[ \t\r\n]{0,200}(?=")/y;
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
  if (style !== 'assignments' || classifyName(name.text) !== 'password') return null;
  if (leadOf(text, name).trim() !== '') return null;
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

function isSecretName(name: string): boolean {
  const nameClass = classifyName(name);
  return nameClass === 'password' || nameClass === 'secret';
}

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
