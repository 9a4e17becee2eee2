import type { Cursor } from './cursor.ts';
import { foldCase } from './fold.ts';
import { PERL_CLASSES, unicodeClass } from './named-class.ts';
import { MAX_CODE_POINT, negate, type Ranges } from './ranges.ts';

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['a', 7],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
]);

/**
 * `\d`, `\pL`, `\p{Greek}`, `\P{^Lu}`: the set, or null (and no move) when it is not one. Where case is
 * ignored the named set is folded before it is negated, as in Go.
 */
export function readClassEscape(cursor: Cursor, ignoreCase: boolean): Ranges | null {
  if (cursor.peek() !== '\\') return null;
  const letter = cursor.peek(1);
  const lower = letter.toLowerCase();
  const perl = PERL_CLASSES.get(lower);
  if (perl !== undefined) {
    cursor.at += 2;
    return namedSet(perl, { ignoreCase, isNegated: letter !== lower });
  }
  return lower === 'p' ? readUnicodeClass(cursor, ignoreCase) : null;
}

export function namedSet(
  ranges: Ranges,
  { ignoreCase, isNegated }: { readonly ignoreCase: boolean; readonly isNegated: boolean },
): Ranges {
  const folded = ignoreCase ? foldCase(ranges) : ranges;
  return isNegated ? negate(folded) : folded;
}

function readUnicodeClass(cursor: Cursor, ignoreCase: boolean): Ranges {
  const from = cursor.at;
  const isNegated = cursor.peek(1) === 'P';
  cursor.at += 2;
  let name: string | null;
  if (cursor.take('{')) name = cursor.until('}');
  else name = cursor.done ? null : String.fromCodePoint(cursor.codePoint());
  const isInverse = name?.startsWith('^') ?? false;
  const ranges = name === null ? null : unicodeClass(isInverse ? name.slice(1) : name);
  if (ranges === null) throw cursor.fail('unknown Unicode class', from);
  return namedSet(ranges, { ignoreCase, isNegated: isNegated !== isInverse });
}

/** One escaped character, as in `\.`, `\n`, `\x{41}`, `\101`. */
export function readEscapedChar(cursor: Cursor): number {
  const from = cursor.at;
  cursor.at += 1;
  if (cursor.done) throw cursor.fail('a backslash with nothing behind it', from);
  const letter = cursor.peek();
  const control = CONTROLS.get(letter);
  if (control !== undefined) {
    cursor.at += 1;
    return control;
  }
  if (letter === 'x') return readHex(cursor, from);
  if (/[0-7]/.test(letter)) return readOctal(cursor, from);
  if (letter < '\x80' && !/[0-9A-Za-z]/.test(letter)) return cursor.codePoint();
  throw unknownEscape(cursor, from);
}

function readHex(cursor: Cursor, from: number): number {
  cursor.at += 1;
  let digits: string | null;
  if (cursor.take('{')) digits = cursor.until('}');
  else {
    digits = cursor.text.slice(cursor.at, cursor.at + 2);
    if (digits.length < 2) digits = null;
    cursor.at += 2;
  }
  const point = digits !== null && /^[0-9A-Fa-f]+$/.test(digits) ? Number.parseInt(digits, 16) : -1;
  if (point < 0 || point > MAX_CODE_POINT) throw cursor.fail('invalid \\x escape', from);
  return point;
}

function readOctal(cursor: Cursor, from: number): number {
  const digits = /^[0-7]{1,3}/.exec(cursor.text.slice(cursor.at, cursor.at + 3))?.[0] ?? '';
  if (digits.length === 1 && digits !== '0') throw unknownEscape(cursor, from);
  cursor.at += digits.length;
  return Number.parseInt(digits, 8);
}

function unknownEscape(cursor: Cursor, from: number): Error {
  const letter = String.fromCodePoint(cursor.codePoint());
  if (/[1-9]/.test(letter)) {
    return cursor.fail('back-references do not exist here', from);
  }
  return cursor.fail(`unknown escape \\${/^[\x20-\x7e]$/.test(letter) ? letter : '?'}`, from);
}
