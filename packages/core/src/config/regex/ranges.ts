/**
 * A set of code points: `lo, hi, lo, hi, ...`, inclusive, ascending, neither overlapping nor
 * adjacent.
 */
export type Ranges = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;

/** The set of any pairs, in any order, overlapping or not. */
export function rangesOf(pairs: readonly number[]): Ranges {
  const sorted: [number, number][] = [];
  for (let i = 0; i + 1 < pairs.length; i += 2) sorted.push([pairs[i] ?? 0, pairs[i + 1] ?? 0]);
  sorted.sort((a, b) => a[0] - b[0]);
  const merged: number[] = [];
  for (const [lo, hi] of sorted) {
    const last = merged.length - 1;
    if (last > 0 && lo <= (merged[last] ?? 0) + 1) merged[last] = Math.max(merged[last] ?? 0, hi);
    else merged.push(lo, hi);
  }
  return merged;
}

export function negate(ranges: Ranges): Ranges {
  const result: number[] = [];
  let next = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const lo = ranges[i] ?? 0;
    if (lo > next) result.push(next, lo - 1);
    next = (ranges[i + 1] ?? 0) + 1;
  }
  if (next <= MAX_CODE_POINT) result.push(next, MAX_CODE_POINT);
  return result;
}

export function contains(ranges: Ranges, codePoint: number): boolean {
  let low = 0;
  let high = ranges.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[2 * middle + 1] ?? 0) < codePoint) low = middle + 1;
    else high = middle;
  }
  const lo = ranges[2 * low];
  return lo !== undefined && lo <= codePoint;
}
