import { mentionsSecret } from './key-names.ts';
import type { Source } from './source.ts';
import { Automaton } from './tokens/automaton.ts';
import type { TextSpan } from './types.ts';

export type ConfigStyle = 'yaml' | 'json' | 'assignments';

/** One `name: value` of a configuration file whose name mentions a secret. */
export interface ConfigEntry {
  readonly name: string;
  /** Without quotes. */
  readonly value: string;
  readonly span: TextSpan;
  readonly style: ConfigStyle;
  /** On a line that is commented out. */
  readonly comment: boolean;
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
  words.search(text, (_, start, end) => {
    const name = nameAround(text, start, end);
    if (name === null || name.start <= last) return;
    last = name.start;
    const entry = entryAt(text, name, style);
    if (entry !== null) entries.push(entry);
  });
  return entries;
}

const BY_EXTENSION: readonly (readonly [RegExp, ConfigStyle])[] = [
  [/\.(?:ya?ml|sls|eyaml)$/i, 'yaml'],
  [/\.(?:json|json5|jsonc|tfvars\.json|arb|webmanifest)$/i, 'json'],
  [
    /(?:\.(?:env|ini|conf|cfg|cnf|config|properties|props|toml|tfvars|hcl|service|desktop|rc|envrc|vars|secrets?)|(?:^|\/)\.?env(?:rc)?(?:\.[\w.-]+)?|(?:^|\/)\.[\w-]+rc|\.env\.[\w.-]+|(?:^|\/)\.dev\.vars|(?:^|\/)Dockerfile[\w.-]*)$/i,
    'assignments',
  ],
];

/** Not a place for `password: "x"` of a program: source code, prose, locks, generated files. */
const NOT_CONFIGURATION =
  /(?:^|\/)(?:package-lock|composer\.lock|npm-shrinkwrap)[^/]*$|\.(?:lock|schema\.json|min\.json|map|svg)$/i;

export function styleOf(path: string, text: string): ConfigStyle | null {
  if (NOT_CONFIGURATION.test(path)) return null;
  for (const [pattern, style] of BY_EXTENSION) if (pattern.test(path)) return style;
  return /\.(?:txt|bak|old|orig|save|tmp|dec|gotmpl|tpl|j2|tmpl)$/i.test(path) ||
    !/\.[A-Za-z0-9]{1,8}$/.test(path)
    ? sniff(text.slice(0, 4000))
    : null;
}

function sniff(head: string): ConfigStyle | null {
  if (/^\s*\{\s*"/.test(head)) return 'json';
  const lines = head
    .split('\n')
    .filter((line) => /\S/.test(line) && !/^\s*#/.test(line))
    .slice(0, 40);
  const share = (pattern: RegExp) =>
    lines.filter((line) => pattern.test(line)).length / lines.length;
  if (lines.length === 0) return null;
  if (share(/^(?:export )?[A-Za-z_][A-Za-z0-9_.]*=/) >= 0.7) return 'assignments';
  return share(/^\s*(?:- )?["']?[A-Za-z_][\w./-]*["']?:(?:\s|$)/) >= 0.6 ? 'yaml' : null;
}

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
    (!mentionsSecret(name) && !/url|uri|dsn|conn|seed|salt|mnemonic|pw|jwt/i.test(name))
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
  /(?:^|[{,[(]|;|&)[ \t]*(?<comment>#[ \t]*|;[ \t]*|\/\/[ \t]*)?(?:- |\? |export |ENV |ARG |set |Environment=|variable )?["']?$/;

const LEAD_LENGTH = 120;

function entryAt(text: string, name: Name, style: ConfigStyle): ConfigEntry | null {
  const before = text.slice(Math.max(0, name.start - LEAD_LENGTH), name.start);
  const lead = before.slice(before.lastIndexOf('\n') + 1);
  const named = /^[ \t]*(?:- )?["']?name["']?:[ \t]*["']?$/.test(lead);
  if (style === 'yaml' && named) return namedEntry(text, name);
  const found = LEAD.exec(lead);
  if (found === null && style !== 'json') return null;
  const value = valueAfter(text, name, style);
  if (value === null) return null;
  return { name: name.text, style, comment: found?.groups?.comment !== undefined, ...value };
}

type Value = Pick<ConfigEntry, 'value' | 'span'>;

/** `- name: DB_PASSWORD` with `value:` on the line after it: the environment of a pod. */
function namedEntry(text: string, name: Name): ConfigEntry | null {
  const next = /["']?[ \t]*\r?\n[ \t]*["']?value["']?:[ \t]+/y;
  next.lastIndex = name.end;
  const found = next.exec(text);
  if (found === null) return null;
  const value = yamlValue(text, name.end + found[0].length);
  return value === null ? null : { name: name.text, style: 'yaml', comment: false, ...value };
}

function valueAfter(text: string, name: Name, style: ConfigStyle): Value | null {
  if (style === 'json') {
    const colon = /"[ \t\r\n]{0,40}:[ \t\r\n]{0,200}(?=")/y;
    colon.lastIndex = name.end;
    const found = colon.exec(text);
    return found === null ? null : quotedValue(text, name.end + found[0].length);
  }
  const separator =
    style === 'yaml' ? /["']?[ \t]{0,20}(?::[ \t]+|=)/y : /["']?[ \t]{0,40}(?:=>?|:=?)[ \t]{0,40}/y;
  separator.lastIndex = name.end;
  const found = separator.exec(text);
  if (found === null) return null;
  return yamlValue(text, name.end + found[0].length);
}

const LONGEST_VALUE = 10_000;
const LONGEST_PLAIN = 1000;

/** A quoted value, or the rest of the line without its comment. A block scalar is taken whole line. */
function yamlValue(text: string, at: number): Value | null {
  const first = text[at];
  if (first === '"' || first === "'") return quotedValue(text, at);
  if (first === '|' || first === '>') return firstLineBelow(text, at);
  const window = text.slice(at, at + LONGEST_PLAIN);
  const line = /^[^\n]*/.exec(window)?.[0] ?? '';
  const rest = line.replace(/(?:^|[ \t])#.*$/, '').replace(/[ \t\r,;]+$/, '');
  const value = withoutClosing(rest);
  if (value === '' || /^[&*{[]/.test(value) || /^![a-z]/i.test(value)) return null;
  return { value, span: { start: at, end: at + value.length } };
}

/** `}` and `]` that close a flow collection around the value, and nothing within it. */
function withoutClosing(text: string): string {
  let value = text;
  while (/[}\]]$/.test(value)) {
    const [open, close] = value.endsWith('}') ? ['{', '}'] : ['[', ']'];
    if (value.split(open).length >= value.split(close).length) return value;
    value = value.slice(0, -1).trimEnd();
  }
  return value;
}

function quotedValue(text: string, at: number): Value | null {
  const quote = text.charCodeAt(at);
  const limit = Math.min(text.length, at + LONGEST_VALUE);
  for (let i = at + 1; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 92 && quote === 34) i++;
    else if (code === quote) {
      return { value: text.slice(at + 1, i), span: { start: at + 1, end: i } };
    } else if (code === 10) return null;
  }
  return null;
}

function firstLineBelow(text: string, at: number): Value | null {
  const below = /[|>][+-]?\d?[ \t]*\r?\n[ \t]+(\S[^\n\r]{0,4000})/y;
  below.lastIndex = at;
  const found = below.exec(text);
  const value = found?.[1]?.trimEnd();
  if (found === null || value === undefined) return null;
  const start = at + found[0].length - (found[1]?.length ?? 0);
  return { value, span: { start, end: start + value.length } };
}
