import { MAX_CODE_POINT, type Ranges, rangesOf } from './ranges.ts';

const chars = (...pairs: string[]): Ranges =>
  rangesOf(pairs.flatMap((pair) => [pair.charCodeAt(0), pair.charCodeAt(pair.length - 1)]));

const DIGIT = chars('09');
const WORD = chars('09', 'AZ', '__', 'az');
const SPACE = chars('\t\n', '\f\r', ' ');

/** `\d \s \w`: ASCII alone, in RE2. */
export const PERL_CLASSES: ReadonlyMap<string, Ranges> = new Map([
  ['d', DIGIT],
  ['s', SPACE],
  ['w', WORD],
]);

/** The names within `[[:name:]]`. */
export const POSIX_CLASSES: ReadonlyMap<string, Ranges> = new Map([
  ['alnum', chars('09', 'AZ', 'az')],
  ['alpha', chars('AZ', 'az')],
  ['ascii', [0, 0x7f]],
  ['blank', chars('\t', ' ')],
  ['cntrl', [0, 0x1f, 0x7f, 0x7f]],
  ['digit', DIGIT],
  ['graph', chars('!~')],
  ['lower', chars('az')],
  ['print', chars(' ~')],
  ['punct', chars('!/', ':@', '[`', '{~')],
  ['space', chars('\t\r', ' ')],
  ['upper', chars('AZ')],
  ['word', WORD],
  ['xdigit', chars('09', 'AF', 'af')],
]);

const unicodeClasses = new Map<string, Ranges>();

/** A general category or a script by RE2's name (`L`, `Lu`, `Greek`, `Any`), or null. */
export function unicodeClass(name: string): Ranges | null {
  if (name === 'Any') return [0, MAX_CODE_POINT];
  if (!/^[A-Z][A-Za-z_]*$/.test(name)) return null;
  const known = unicodeClasses.get(name);
  if (known !== undefined) return known;
  const property = name.length <= 2 ? `General_Category=${name}` : `Script=${name}`;
  let member: RegExp;
  try {
    member = new RegExp(`^\\p{${property}}$`, 'u');
  } catch {
    return null;
  }
  const ranges = scan(member);
  unicodeClasses.set(name, ranges);
  return ranges;
}

function scan(member: RegExp): Ranges {
  const ranges: number[] = [];
  let from = -1;
  for (let point = 0; point <= MAX_CODE_POINT; point++) {
    const inside = member.test(String.fromCodePoint(point));
    if (inside && from < 0) from = point;
    if (!inside && from >= 0) {
      ranges.push(from, point - 1);
      from = -1;
    }
  }
  if (from >= 0) ranges.push(from, MAX_CODE_POINT);
  return ranges;
}
