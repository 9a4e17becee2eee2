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

/**
 * A general category or a script by its name (`L`, `Lu`, `Letter`, `Greek`, `Any`), or null. Case,
 * spaces, underscores and hyphens make no difference, as in Go since 1.25.
 */
export function unicodeClass(name: string): Ranges | null {
  const words = name.split(/[ _-]+/).filter((word) => word !== '');
  const written = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
  const canonical = written.join('_');
  if (!/^[A-Z][A-Za-z_]*$/.test(canonical)) return null;
  if (canonical === 'Any') return [0, MAX_CODE_POINT];
  const known = unicodeClasses.get(canonical);
  if (known !== undefined) return known;
  const member = propertyOf(canonical);
  if (member === null) return null;
  const ranges = scan(member);
  unicodeClasses.set(canonical, ranges);
  return ranges;
}

function propertyOf(name: string): RegExp | null {
  const category = name === 'Lc' ? 'LC' : name;
  const properties = [`General_Category=${category}`];
  if (name.length > 2) properties.push(`Script=${name}`);
  if (name === 'Ascii' || name === 'Assigned') properties.push(name === 'Ascii' ? 'ASCII' : name);
  for (const property of properties) {
    try {
      return new RegExp(`^\\p{${property}}$`, 'u');
    } catch {
      // Not the name of a property of that kind.
    }
  }
  return null;
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
