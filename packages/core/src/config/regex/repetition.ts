import type { Cursor } from './cursor.ts';
import type { Expression } from './expression.ts';

/** The most times RE2 repeats anything, nested repetitions multiplied. */
const MAX_REPEAT = 1000;

/** The repetition behind `item`, when there is one. */
export function readRepetition(cursor: Cursor, item: Expression): Expression {
  const from = cursor.at;
  const bounds = readBounds(cursor);
  if (bounds === null) return item;
  const { min, max, counted } = bounds;
  cursor.take('?');
  const repeated: Expression = { kind: 'repeat', body: item, min, max, counted };
  if (counted && !isWithin(repeated, MAX_REPEAT)) {
    throw cursor.fail(`repeats more than ${MAX_REPEAT} times`, from);
  }
  const again = cursor.at;
  if (readBounds(cursor) !== null) {
    throw cursor.fail('a repetition of a repetition', again);
  }
  return repeated;
}

/** @throws RegexSyntaxError for a repetition where nothing stands before it */
export function refuseRepetition(cursor: Cursor): void {
  const from = cursor.at;
  if (readBounds(cursor) === null) return;
  throw cursor.fail(`nothing to repeat before ${cursor.text.slice(from, cursor.at)}`, from);
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly counted: boolean;
}

function readBounds(cursor: Cursor): Bounds | null {
  if (cursor.take('*')) return { min: 0, max: Infinity, counted: false };
  if (cursor.take('+')) return { min: 1, max: Infinity, counted: false };
  if (cursor.take('?')) return { min: 0, max: 1, counted: false };
  return cursor.peek() === '{' ? readBraces(cursor) : null;
}

/** `{n}`, `{n,}`, `{n,m}`; anything else between braces is text. */
function readBraces(cursor: Cursor): Bounds | null {
  const from = cursor.at;
  const braces = /\{(0|[1-9]\d*)(,)?(0|[1-9]\d*)?\}/y;
  braces.lastIndex = from;
  const found = braces.exec(cursor.text);
  if (found === null) return null;
  const [all, low, comma, high] = found;
  if (comma === undefined && high !== undefined) return null;
  const min = Number(low);
  const max = comma === undefined ? min : high === undefined ? Infinity : Number(high);
  if (min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT)) {
    throw cursor.fail(`repeats more than ${MAX_REPEAT} times`, from);
  }
  if (min > max) throw cursor.fail('the lower count is greater than the upper one', from);
  cursor.at += all.length;
  return { min, max, counted: true };
}

function isWithin(expression: Expression, limit: number): boolean {
  switch (expression.kind) {
    case 'repeat': {
      if (!expression.counted) return isWithin(expression.body, limit);
      if (expression.max === 0) return true;
      const times = expression.max === Infinity ? expression.min : expression.max;
      if (times > limit) return false;
      return isWithin(expression.body, times > 0 ? Math.floor(limit / times) : limit);
    }
    case 'sequence':
      return expression.parts.every((part) => isWithin(part, limit));
    case 'choice':
      return expression.options.every((option) => isWithin(option, limit));
    default:
      return true;
  }
}
