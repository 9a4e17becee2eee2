import { type Ranges, rangesOf } from './ranges.ts';

/** What an ASCII letter also equals outside ASCII: the Kelvin sign and the long s. */
const BEYOND_ASCII: ReadonlyMap<number, number> = new Map([
  [0x6b, 0x212a],
  [0x73, 0x17f],
]);

/** The set with every other case of its members (Unicode simple case folding), as `(?i)` asks. */
export function foldCase(ranges: Ranges): Ranges {
  const highest = ranges[ranges.length - 1] ?? 0;
  const pairs = [...ranges];
  if (highest < 0x80) addAsciiCases(ranges, pairs);
  else addAllCases(ranges, pairs);
  return rangesOf(pairs);
}

function addAsciiCases(ranges: Ranges, pairs: number[]): void {
  for (let i = 0; i < ranges.length; i += 2) {
    for (let point = ranges[i] ?? 0; point <= (ranges[i + 1] ?? 0); point++) {
      const lower = point | 0x20;
      if (lower < 0x61 || lower > 0x7a || (point & 0x40) === 0) continue;
      pairs.push(lower, lower, lower - 0x20, lower - 0x20);
      const beyond = BEYOND_ASCII.get(lower);
      if (beyond !== undefined) pairs.push(beyond, beyond);
    }
  }
}

function addAllCases(ranges: Ranges, pairs: number[]): void {
  for (const orbit of foldOrbits()) {
    if (!orbit.some((point) => within(ranges, point))) continue;
    for (const point of orbit) pairs.push(point, point);
  }
}

function within(ranges: Ranges, point: number): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (point >= (ranges[i] ?? 0) && point <= (ranges[i + 1] ?? 0)) return true;
  }
  return false;
}

/** No letter above this one has another case. */
const LAST_CASED = 0x1e943;
let orbits: readonly (readonly number[])[] | undefined;

/**
 * All sets of code points that are equal when case is ignored. Built on first use (some 30 ms), so
 * only an expression that ignores case beyond ASCII pays for it.
 */
function foldOrbits(): readonly (readonly number[])[] {
  if (orbits !== undefined) return orbits;
  const groups = new Map<string, Set<number>>();
  for (let point = 0x41; point <= LAST_CASED; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue;
    const text = String.fromCodePoint(point);
    const key = text.toUpperCase().toLowerCase();
    if (key === text && text.toLowerCase() === text && text.toUpperCase() === text) continue;
    const members = groups.get(key) ?? new Set();
    for (const member of [text, text.toLowerCase(), text.toUpperCase(), key]) {
      if ([...member].length === 1) members.add(member.codePointAt(0) ?? 0);
    }
    groups.set(key, members);
  }
  orbits = [...groups.values()].flatMap((members) => simpleOrbits([...members]));
  return orbits;
}

/** Full and simple case mapping differ for a few letters: the engine's own `iu` decides. */
function simpleOrbits(members: readonly number[]): number[][] {
  const found: number[][] = [];
  for (const member of members) {
    const same = new RegExp(`^\\u{${member.toString(16)}}$`, 'iu');
    const orbit = members.filter((other) => same.test(String.fromCodePoint(other)));
    if (orbit.length > 1) found.push(orbit);
  }
  return found;
}
