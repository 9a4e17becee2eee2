import type { Cursor } from './cursor.ts';
import { namedSet, readClassEscape, readEscapedChar } from './escape.ts';
import { foldCase } from './fold.ts';
import { POSIX_CLASSES } from './named-class.ts';
import { negate, type Ranges, rangesOf } from './ranges.ts';

/** A bracket expression, the cursor at its `[`. `[^a]` matches a line break, as in RE2. */
export function readCharClass(cursor: Cursor, ignoreCase: boolean): Ranges {
  const from = cursor.at;
  cursor.at += 1;
  const isNegated = cursor.take('^');
  const pairs: number[] = [];
  for (let isFirst = true; isFirst || cursor.peek() !== ']'; isFirst = false) {
    if (cursor.done) throw cursor.fail('a character class without its ]', from);
    const named = readPosixClass(cursor, ignoreCase) ?? readClassEscape(cursor, ignoreCase);
    if (named !== null) pairs.push(...named);
    else {
      const range = readRange(cursor, from);
      pairs.push(...(ignoreCase ? foldCase(range) : range));
    }
  }
  cursor.at += 1;
  const ranges = rangesOf(pairs);
  return isNegated ? negate(ranges) : ranges;
}

function readPosixClass(cursor: Cursor, ignoreCase: boolean): Ranges | null {
  if (!cursor.startsWith('[:')) return null;
  const from = cursor.at;
  const end = cursor.text.indexOf(':]', from + 2);
  if (end < 0) return null;
  const isInverse = cursor.peek(2) === '^';
  const ranges = POSIX_CLASSES.get(cursor.text.slice(from + (isInverse ? 3 : 2), end));
  if (ranges === undefined) throw cursor.fail('unknown class name between [: and :]', from);
  cursor.at = end + 2;
  return namedSet(ranges, { ignoreCase, isNegated: isInverse });
}

function readRange(cursor: Cursor, classStart: number): [number, number] {
  const from = cursor.at;
  const lo = readMember(cursor, classStart);
  if (cursor.peek() !== '-' || cursor.peek(1) === ']' || cursor.peek(1) === '') return [lo, lo];
  cursor.at += 1;
  const hi = readMember(cursor, classStart);
  if (hi < lo) throw cursor.fail('a range in a character class runs backwards', from);
  return [lo, hi];
}

function readMember(cursor: Cursor, classStart: number): number {
  if (cursor.done) throw cursor.fail('a character class without its ]', classStart);
  return cursor.peek() === '\\' ? readEscapedChar(cursor) : cursor.codePoint();
}
