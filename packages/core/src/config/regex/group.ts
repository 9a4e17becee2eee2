import type { Cursor } from './cursor.ts';
import type { Flags } from './expression.ts';

/** What an opening parenthesis began. */
export interface Opening {
  /** 'flags': `(?i)`, no group but flags for the rest of the enclosing one. */
  readonly kind: 'group' | 'flags';
  readonly flags: Flags;
  readonly from: number;
}

/** Reads `(`, `(?:`, `(?P<name>`, `(?<name>`, `(?i)`, `(?i-s:`; null when there is no `(`. */
export function openGroup(cursor: Cursor, flags: Flags, names: Set<string>): Opening | null {
  const from = cursor.at;
  if (!cursor.take('(')) return null;
  if (!cursor.take('?')) return { kind: 'group', flags, from };
  if (/^(?:[=!]|<[=!])/.test(cursor.text.slice(cursor.at, cursor.at + 2))) {
    throw cursor.fail('look-around does not exist here', from);
  }
  if (cursor.take('P<') || cursor.take('<')) {
    readName(cursor, from, names);
    return { kind: 'group', flags, from };
  }
  return readFlags(cursor, flags, from);
}

function readName(cursor: Cursor, from: number, names: Set<string>): void {
  const name = cursor.until('>');
  if (name === null || !/^\w+$/.test(name)) throw cursor.fail('invalid group name', from);
  if (names.has(name)) throw cursor.fail('a group name is used twice', from);
  names.add(name);
}

function readFlags(cursor: Cursor, outer: Flags, from: number): Opening {
  let flags = outer;
  let value = true;
  let sawFlag = false;
  while (!cursor.done) {
    const letter = cursor.peek();
    cursor.at += 1;
    if (letter === 'i') flags = { ...flags, ignoreCase: value };
    else if (letter === 'm') flags = { ...flags, multiLine: value };
    else if (letter === 's') flags = { ...flags, dotAll: value };
    else if (letter === '-' && value) {
      value = false;
      sawFlag = false;
      continue;
    } else if ((letter === ':' || letter === ')') && (value || sawFlag)) {
      return { kind: letter === ':' ? 'group' : 'flags', flags, from };
    } else if (letter !== 'U') break;
    sawFlag = true;
  }
  throw cursor.fail('unknown kind of group after (?', from);
}
