import { readCharClass } from './char-class.ts';
import { Cursor } from './cursor.ts';
import { readClassEscape, readEscapedChar } from './escape.ts';
import type { Assertion, Expression, Flags } from './expression.ts';
import { foldCase } from './fold.ts';
import { type Opening, openGroup } from './group.ts';
import { MAX_CODE_POINT, type Ranges } from './ranges.ts';
import { readRepetition, refuseRepetition } from './repetition.ts';

/** As in Go: deeper expressions are refused. */
const MAX_DEPTH = 1000;

const NOT_NEWLINE: Ranges = [0, 9, 11, MAX_CODE_POINT];
const ANYTHING: Ranges = [0, MAX_CODE_POINT];
const EMPTY: Expression = { kind: 'empty' };

/** @throws RegexSyntaxError for what RE2 does not know */
export function parseRegex(pattern: string): Expression {
  const cursor = new Cursor(pattern);
  const flags: Flags = { ignoreCase: false, multiLine: false, dotAll: false };
  const names = new Set<string>();
  const expression = readChoice({ cursor, names }, flags, 0);
  if (!cursor.done) throw cursor.fail('a closing ) without its (', cursor.at);
  return expression;
}

interface Reading {
  readonly cursor: Cursor;
  /** Group names so far: one may be used once. */
  readonly names: Set<string>;
}

/** Everything up to the `)` of the group or the end. Flags set within it end with it. */
function readChoice(reading: Reading, outer: Flags, depth: number): Expression {
  const { cursor } = reading;
  if (depth > MAX_DEPTH) throw cursor.fail('groups nested too deeply', cursor.at);
  let flags = outer;
  const options: Expression[] = [];
  let parts: Expression[] = [];
  while (!cursor.done && cursor.peek() !== ')') {
    if (cursor.take('|')) {
      options.push(sequence(parts));
      parts = [];
      continue;
    }
    // Behind `(?i)` or `\Q\E` a repetition still belongs to what stands before that.
    const last = parts.pop();
    if (last !== undefined) {
      const repeated = readRepetition(cursor, last);
      parts.push(repeated);
      if (repeated !== last) continue;
    }
    const group = openGroup(cursor, flags, reading.names);
    if (group?.kind === 'flags') {
      flags = group.flags;
      continue;
    }
    const items =
      group === null ? readUngrouped(cursor, flags) : [readGroup(reading, group, depth)];
    // A repetition applies to the last quoted character alone.
    const final = items.pop();
    parts.push(...items);
    if (final !== undefined) parts.push(readRepetition(cursor, final));
  }
  options.push(sequence(parts));
  return options.length === 1 ? (options[0] ?? EMPTY) : { kind: 'choice', options };
}

function readGroup(reading: Reading, group: Opening, depth: number): Expression {
  const body = readChoice(reading, group.flags, depth + 1);
  if (reading.cursor.take(')')) return body;
  throw reading.cursor.fail('a group without its )', group.from);
}

/** One atom, or the characters of a quotation. */
function readUngrouped(cursor: Cursor, flags: Flags): Expression[] {
  return readQuoted(cursor, flags) ?? [readAtom(cursor, flags)];
}

function sequence(parts: readonly Expression[]): Expression {
  if (parts.length === 1) return parts[0] ?? EMPTY;
  return parts.length === 0 ? EMPTY : { kind: 'sequence', parts };
}

/** `\Q...\E`: every character stands for itself; without an `\E` to the end. */
function readQuoted(cursor: Cursor, flags: Flags): Expression[] | null {
  if (!cursor.take('\\Q')) return null;
  const end = cursor.text.indexOf('\\E', cursor.at);
  const quoted = cursor.text.slice(cursor.at, end < 0 ? undefined : end);
  cursor.at = end < 0 ? cursor.text.length : end + 2;
  return Array.from(quoted, (char) => oneChar(char.codePointAt(0) ?? 0, flags));
}

function readAtom(cursor: Cursor, flags: Flags): Expression {
  refuseRepetition(cursor);
  const assertion = readAssertion(cursor, flags);
  if (assertion !== null) return { kind: 'assertion', assertion };
  switch (cursor.peek()) {
    case '.':
      cursor.at += 1;
      return { kind: 'chars', ranges: flags.dotAll ? ANYTHING : NOT_NEWLINE };
    case '[':
      return { kind: 'chars', ranges: readCharClass(cursor, flags.ignoreCase) };
    case '\\': {
      const ranges = readClassEscape(cursor, flags.ignoreCase);
      if (ranges === null) return oneChar(readEscapedChar(cursor), flags);
      return { kind: 'chars', ranges };
    }
    default:
      return oneChar(cursor.codePoint(), flags);
  }
}

function oneChar(point: number, flags: Flags): Expression {
  const ranges: Ranges = [point, point];
  return { kind: 'chars', ranges: flags.ignoreCase ? foldCase(ranges) : ranges };
}

function readAssertion(cursor: Cursor, flags: Flags): Assertion | null {
  if (cursor.take('^')) return flags.multiLine ? 'line-start' : 'text-start';
  if (cursor.take('$')) return flags.multiLine ? 'line-end' : 'text-end';
  if (cursor.take('\\A')) return 'text-start';
  if (cursor.take('\\z')) return 'text-end';
  if (cursor.take('\\b')) return 'word';
  return cursor.take('\\B') ? 'not-word' : null;
}
