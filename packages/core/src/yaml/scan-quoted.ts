import {
  atDocumentMarker,
  breakLength,
  type Cursor,
  codeAt,
  here,
  isBreak,
  yamlError,
} from './cursor.ts';
import { foldBreaks, foldedBreak, type ScannedScalar } from './scan-plain.ts';

const TAB = 9;
const SPACE = 32;
const DOUBLE = 34;
const SINGLE = 39;
const BACKSLASH = 92;

/** A quoted scalar; the cursor stands on its first quote and ends behind its last. */
export function scanQuoted(c: Cursor): ScannedScalar {
  const start = c.pos;
  const quote = here(c);
  c.keyAllowed = false;
  c.fresh = false;
  c.pos++;
  let value = '';
  for (;;) {
    const from = c.pos;
    let keep = from;
    let stop = -1;
    for (; c.pos < c.end; c.pos++) {
      stop = c.text.charCodeAt(c.pos);
      if (stop === quote || (stop === BACKSLASH && quote === DOUBLE)) break;
      if (stop === SPACE || stop === TAB) continue;
      if ((stop < SPACE || stop >= 0x85) && isBreak(stop)) break;
      keep = c.pos + 1;
    }
    if (c.pos >= c.end) throw yamlError(c, 'a quoted text is not closed', start);
    if (isBreak(stop)) {
      value += c.text.slice(from, keep) + foldQuoted(c, start);
      continue;
    }
    value += c.text.slice(from, c.pos);
    if (stop === BACKSLASH) value += readEscape(c, start);
    else if (quote === SINGLE && codeAt(c, c.pos + 1) === SINGLE) {
      value += "'";
      c.pos += 2;
    } else break;
  }
  c.pos++;
  c.keyAllowed = false;
  c.fresh = false;
  return { start, end: c.pos, value };
}

/** Line breaks inside quotes, with the blanks around them. */
function foldQuoted(c: Cursor, start: number): string {
  let first = '';
  let rest = '';
  for (;;) {
    const code = here(c);
    if (code === SPACE || code === TAB) c.pos++;
    else if (code !== -1 && isBreak(code)) {
      if (first === '') first = foldedBreak(code);
      else rest += foldedBreak(code);
      crossBreak(c, start);
    } else return foldBreaks(first, rest);
  }
}

function crossBreak(c: Cursor, start: number): void {
  c.pos += breakLength(c, c.pos);
  c.lineStart = c.pos;
  if (atDocumentMarker(c)) throw yamlError(c, 'a document ends inside a quoted text', start);
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
]);

const HEX_DIGITS: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

function readEscape(c: Cursor, start: number): string {
  const next = codeAt(c, c.pos + 1);
  if (next !== -1 && isBreak(next)) {
    c.pos++;
    return escapedBreak(c, start);
  }
  const letter = next === -1 ? '' : c.text.charAt(c.pos + 1);
  const simple = SIMPLE_ESCAPES.get(letter);
  if (simple !== undefined) {
    c.pos += 2;
    return simple;
  }
  const digits = HEX_DIGITS.get(letter);
  if (digits === undefined) throw yamlError(c, 'a quoted text has an unknown escape');
  return hexEscape(c, digits);
}

/** `\` at the end of a line joins it with the next one. */
function escapedBreak(c: Cursor, start: number): string {
  crossBreak(c, start);
  let rest = '';
  for (;;) {
    const code = here(c);
    if (code === SPACE || code === TAB) c.pos++;
    else if (code !== -1 && isBreak(code)) {
      rest += foldedBreak(code);
      crossBreak(c, start);
    } else return rest;
  }
}

function hexEscape(c: Cursor, digits: number): string {
  const from = c.pos + 2;
  let value = 0;
  for (let at = from; at < from + digits; at++) {
    const digit = Number.parseInt(c.text.charAt(at), 16);
    if (Number.isNaN(digit))
      throw yamlError(c, 'an escape in a quoted text lacks hexadecimal digits');
    value = value * 16 + digit;
  }
  if (value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) {
    throw yamlError(c, 'an escape in a quoted text is no Unicode character');
  }
  c.pos = from + digits;
  return String.fromCodePoint(value);
}
