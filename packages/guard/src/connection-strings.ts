import { cipherSpans } from './cipher-spans.ts';
import { isPlain } from './placeholder.ts';
import type { Source } from './source.ts';
import { touches } from './spans.ts';
import type { TextSpan } from './types.ts';

export interface ConnectionString {
  readonly kind: 'url' | 'key-value';
  readonly password: TextSpan;
  /** The host is this machine, a single name, or one reserved for examples. */
  readonly local: boolean;
}

/** Addresses with a password, and connection strings of name and value, in order. */
export function findConnectionStrings(source: Source): readonly ConnectionString[] {
  const text = source.text;
  if (text === null) return [];
  const found = [...findUrls(text), ...findKeyValues(text), ...findDriverForms(text)];
  const skip = cipherSpans(source);
  return found
    .filter(({ password }) => !touches(skip, password))
    .sort((a, b) => a.password.start - b.password.start);
}

const LONGEST_AUTHORITY = 1000;

function* findUrls(text: string): Iterable<ConnectionString> {
  for (let at = text.indexOf('://'); at !== -1; at = text.indexOf('://', at + 3)) {
    if (!/[A-Za-z0-9+]/.test(text[at - 1] ?? '')) continue;
    const url = authorityAt(text, at + 3);
    if (url === null) continue;
    yield url;
  }
}

/** `user:password@host`: the last `@` before the path, the first `:` before it. */
function authorityAt(text: string, start: number): ConnectionString | null {
  const rest = text.slice(start, start + LONGEST_AUTHORITY);
  const authority = AUTHORITY.exec(rest)?.[0] ?? '';
  const at = authority.lastIndexOf('@');
  const colon = authority.indexOf(':');
  if (at === -1 || colon === -1 || colon >= at) return null;
  const user = authority.slice(0, colon);
  const password = authority.slice(colon + 1, at);
  const host = /^[^:,/?#\s"'`\\<>()]*/.exec(rest.slice(at + 1))?.[0] ?? '';
  if (!isHost(host) || !isPassword(password)) return null;
  const local = isLocalHost(host);
  if (COMMON.has(password.toLowerCase()) || (local && password === user)) return null;
  const from = start + colon + 1;
  return { kind: 'url', password: { start: from, end: from + password.length }, local };
}

/** Up to what ends an authority; templates may hold anything that ends one. */
const AUTHORITY =
  /^(?:\$\{[^}\n]{0,200}\}|\{\{[^}\n]{0,200}\}\}|<[^>\n]{0,100}>|[^/?#\s"'`\\<>|])*/;

function isHost(host: string): boolean {
  return /^(?:\[|\$|\{|<|[A-Za-z0-9_])/.test(host);
}

function isPassword(password: string): boolean {
  if (password.length < 3 || /^(?:\*+|x+|X+|\.+|[$%]\w*|:\w*|#\{.*)$/.test(password)) return false;
  if (/^[[{<(].*[\]}>)]$/.test(password)) return false;
  return isPlain(decodePercent(password)) && !password.startsWith('ENC[');
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const COMMON = new Set([
  'password',
  'pass',
  'passwd',
  'pwd',
  'pw',
  'secret',
  'user',
  'username',
  'root',
  'admin',
  'postgres',
  'mysql',
  'guest',
  'test',
  'example',
  'changeme',
  'mypassword',
  'yourpassword',
  'your-password',
  's3cr3t',
  'hunter2',
  'token',
  'dbpass',
  'mypass',
  'userpass',
  'redacted',
  'passw0rd',
]);

function isLocalHost(host: string): boolean {
  const name = host.toLowerCase();
  return (
    /^(?:localhost|127\.|\[::1\]|0\.0\.0\.0|host\.docker\.internal)/.test(name) ||
    /^[a-z0-9_-]+$/.test(name) ||
    /(?:\.local|\.test|\.example|\.localhost|\.invalid|example\.(?:com|org|net)|\.svc|\.cluster\.local)$/.test(
      name,
    )
  );
}

/** `Server=…;Password=…`, `host=… password=…`, `jdbc:…?user=…&password=…`. */
const KEY_VALUE =
  /(?<=[;?&" '\t])(?:Password|Pwd|password|pwd|PASSWORD|PWD)=(?:'([^'\n]{3,200})'|"([^"\n]{3,200})"|([^;&\s"'`<>\\]{3,200}))/g;

const NEIGHBOURS =
  /(?:\b(?:Server|Data Source|Host|Hostname|Address|Initial Catalog|Database|User ID|UserId|Uid|User|Username|AccountName|DSN|Driver|Provider|dbname|sslmode|port)=|jdbc:[a-z])/i;

function* findKeyValues(text: string): Iterable<ConnectionString> {
  if (!/(?:password|pwd)=/i.test(text)) return;
  for (const match of text.matchAll(KEY_VALUE)) {
    const value = match[1] ?? match[2] ?? match[3] ?? '';
    const line = lineAround(text, match.index);
    if (!NEIGHBOURS.test(line) || !isPassword(value) || COMMON.has(value.toLowerCase())) continue;
    const start = match.index + match[0].lastIndexOf(value);
    const host = /(?:Server|Data Source|Host(?:name)?|Address)=(?:tcp:)?([^;,:\s"']{1,200})/i.exec(
      line,
    )?.[1];
    yield {
      kind: 'key-value',
      password: { start, end: start + value.length },
      local: host !== undefined && isLocalHost(host),
    };
  }
}

/** `jdbc:oracle:thin:user/password@host`, `user:password@tcp(host:3306)/name` of Go. */
const DRIVER_FORMS: readonly { readonly needs: string; readonly pattern: RegExp }[] = [
  {
    needs: 'oracle:thin:',
    pattern: /(oracle:thin:[^/\s"'@]{1,100}\/)([^@/\s"']{3,200})@(?:\/\/)?([^:/\s"']{1,200})/g,
  },
  {
    needs: '@tcp(',
    pattern: /(?<![\w.%-])([\w.-]{1,60}:)([^@:\s"'`]{3,100})@tcp\(([^:)\s"']{1,200})/g,
  },
];

function* findDriverForms(text: string): Iterable<ConnectionString> {
  for (const { needs, pattern } of DRIVER_FORMS) {
    if (text.includes(needs)) yield* matchesOf(text, pattern);
  }
}

function* matchesOf(text: string, pattern: RegExp): Iterable<ConnectionString> {
  for (const { 1: lead = '', 2: value = '', 3: host = '', index } of text.matchAll(pattern)) {
    if (!isPassword(value) || COMMON.has(value.toLowerCase())) continue;
    const start = index + lead.length;
    yield {
      kind: 'url',
      password: { start, end: start + value.length },
      local: isLocalHost(host),
    };
  }
}

/** The neighbourhood on the same line. */
function lineAround(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - 400), at);
  const after = /^[^\n]*/.exec(text.slice(at, at + 400))?.[0] ?? '';
  return before.slice(before.lastIndexOf('\n') + 1) + after;
}
