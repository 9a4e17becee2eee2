import { templateLiteral } from '../template-literal.ts';
import type { TextSpan } from '../types.ts';
import { isSecretLike } from '../value-test.ts';
import type { ConfigStyle } from './style.ts';

/** Text of a value, without quotes, and where it stands. */
export interface ConfigValue {
  readonly value: string;
  readonly span: TextSpan;
  /** In quotes within which nothing is put in: a `$` in it is a `$`. */
  readonly literal?: true;
}

/** `NAME=…` within YAML: an item of an environment, or a line of a script. */
type ValueStyle = ConfigStyle | 'inner-shell';

const LONGEST_VALUE = 10_000;
const LONGEST_PLAIN = 1000;

/** The value that begins here in a format of lines, or null where there is none that can be read. */
export function valueAt(text: string, at: number, style: ValueStyle): ConfigValue | null {
  if (text.startsWith('{{', at)) return literalOf(text, at);
  const found = readValue(text, at, style);
  return found === null ? null : (defaultOf(found) ?? found);
}

function readValue(text: string, at: number, style: ValueStyle): ConfigValue | null {
  const first = text[at];
  if (text.startsWith('"""', at) || text.startsWith("'''", at)) return tripleQuoted(text, at);
  if (style === 'shell') return shellWord(text, at);
  if (style === 'inner-shell') return firstWord(text, at);
  if (first === '"' || first === "'" || (first === '`' && style === 'assignments')) {
    const found = quotedAt(text, at, style === 'assignments');
    return found !== null && first === "'" && style === 'assignments'
      ? { ...found, literal: true }
      : found;
  }
  if (style === 'terraform' || style === 'assignments') {
    const here = heredoc(text, at);
    if (here !== null || style === 'terraform') return here;
  }
  if (style === 'yaml' && (first === '|' || first === '>')) return firstLineBelow(text, at);
  return restOfLine(text, at, style);
}

/** A quoted value; over several lines only where that is asked for. */
export function quotedAt(text: string, at: number, multiline = false): ConfigValue | null {
  const quote = text.charCodeAt(at);
  const limit = Math.min(text.length, at + LONGEST_VALUE);
  for (let i = at + 1; i < limit; i++) {
    const code = text.charCodeAt(i);
    if (code === 92 && quote === 34) i++;
    else if (code === quote) return spanned(text, at + 1, i);
    else if (code === 10 && !multiline) return null;
  }
  return null;
}

/** The first group of a sticky expression that matches here. */
export function captured(text: string, at: number, pattern: RegExp): ConfigValue | null {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  const value = found?.[1] ?? '';
  if (found === null || value.trim() === '') return null;
  const start = at + found[0].lastIndexOf(value);
  return { value, span: { start, end: start + value.length } };
}

function spanned(text: string, start: number, end: number): ConfigValue {
  return { value: text.slice(start, end), span: { start, end } };
}

/** A word of a shell in which nothing is put in. */
function shellWord(text: string, at: number): ConfigValue | null {
  const word = /"([^"$`\n]{1,1000})"|'([^'\n]{1,1000})'|([^\s"'$`&|;()<>]{1,1000})(?=[\s;&|]|$)/y;
  word.lastIndex = at;
  const found = word.exec(text);
  if (found === null) return null;
  const value = found[1] ?? found[2] ?? found[3] ?? '';
  const start = found[3] === undefined ? at + 1 : at;
  return /[$`]|%[A-Za-z_]\w*%|^%/.test(value) ? null : spanned(text, start, start + value.length);
}

/** The first word, or what is quoted, unless something is put in or called: that is not known here. */
function firstWord(text: string, at: number): ConfigValue | null {
  const quote = text[at];
  const found = quote === '"' || quote === "'" ? quotedAt(text, at) : restOfLine(text, at, 'yaml');
  if (found === null) return null;
  const value =
    quote === '"' || quote === "'" ? found.value : (/^\S*/.exec(found.value)?.[0] ?? '');
  const isWhole = /^\$\{[A-Za-z0-9_]{1,80}:?-[^${}]{1,1000}\}$/.test(value);
  if (value === '' || (!isWhole && /\$[A-Za-z_{(*@0-9]|[`\\]|\{\{|\w\(/.test(value))) return null;
  const end = found.span.start + value.length;
  return spanned(text, found.span.start, end);
}

/** The text in a template, as long as it looks made; what else is in it is not known here. */
function literalOf(text: string, at: number): ConfigValue | null {
  const literal = templateLiteral(text, at);
  if (literal === null) return null;
  const value = text.slice(literal.start, literal.end);
  return isSecretLike(value) ? { value, span: literal } : null;
}

/** `${NAME:-value}`: what is taken where nothing is put in, as long as it looks made and not chosen. */
function defaultOf({ value, span }: ConfigValue): ConfigValue | null {
  const found = /^\$\{[A-Za-z_][A-Za-z0-9_]{0,80}:?-([^${}]{1,1000})\}$/.exec(value);
  const inner = found?.[1];
  if (inner === undefined || !isSecretLike(inner)) return null;
  const start = span.end - 1 - inner.length;
  return { value: inner, span: { start, end: start + inner.length } };
}

function tripleQuoted(text: string, at: number): ConfigValue | null {
  const end = text.indexOf(text.slice(at, at + 3), at + 3);
  if (end === -1 || end - at > LONGEST_VALUE) return null;
  const start = /\s/.test(text[at + 3] ?? '') ? at + 4 : at + 3;
  return spanned(text, Math.min(start, end), end);
}

/** `<<EOT`, then the value in lines of its own up to a line of that word. */
function heredoc(text: string, at: number): ConfigValue | null {
  const opening = /<<[-~]?[ \t]*["']?([A-Za-z_][A-Za-z0-9_]{0,40})["']?[ \t]*\r?\n/y;
  opening.lastIndex = at;
  const found = opening.exec(text);
  if (found === null) return null;
  const start = at + found[0].length;
  const body = text.slice(start, start + LONGEST_VALUE);
  const end = body.search(new RegExp(`^[ \\t]*${found[1]}[ \\t]*\\r?$`, 'm'));
  if (end === -1) return null;
  const value = body.slice(0, end);
  const from = start + value.length - value.trimStart().length;
  return value.trim() === '' ? null : spanned(text, from, from + value.trim().length);
}

/** What stands before a value and is none: an anchor, a tag of a plain type. */
const PREFIXES = /(?:&[^\s,[\]{}]{1,100}[ \t]+|!!(?:str|binary)[ \t]+){1,2}/y;

function restOfLine(text: string, start: number, style: ValueStyle): ConfigValue | null {
  PREFIXES.lastIndex = start;
  const prefix = style === 'yaml' ? (PREFIXES.exec(text)?.[0].length ?? 0) : 0;
  if (prefix > 0) return valueAt(text, start + prefix, style);
  const window = text.slice(start, start + LONGEST_PLAIN);
  const line = /^[^\n\r]*/.exec(window)?.[0] ?? '';
  const rest = line.replace(/(?:^|[ \t])#.*$/, '').replace(/[ \t\r,;]+$/, '');
  const value = withoutClosing(rest);
  if (value === '' || /^[&*{[]/.test(value) || /^![a-z]/i.test(value)) return null;
  return spanned(text, start, start + value.length);
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

function firstLineBelow(text: string, at: number): ConfigValue | null {
  const below =
    /[|>][+-]?\d?[ \t]*(?:#[^\n]{0,200})?\r?\n(?:[ \t]*\r?\n){0,5}[ \t]+(\S[^\n\r]{0,4000})/y;
  below.lastIndex = at;
  const found = below.exec(text);
  const value = found?.[1]?.trimEnd();
  if (found === null || value === undefined) return null;
  const start = at + found[0].length - (found[1]?.length ?? 0);
  return spanned(text, start, start + value.length);
}
