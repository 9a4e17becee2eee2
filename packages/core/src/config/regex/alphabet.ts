import type { Program } from './program.ts';

/** Code points cut into classes that a program cannot tell apart. */
export interface Alphabet {
  readonly size: number;
  classOf(point: number): number;
  /** Some member of the class. */
  representative(charClass: number): number;
}

/** Where line breaks and ASCII word characters begin and end: assertions look at these. */
const NEIGHBOUR_BOUNDS = [0, 10, 11, 0x30, 0x3a, 0x41, 0x5b, 0x5f, 0x60, 0x61, 0x7b];

export function alphabetOf(program: Program): Alphabet {
  const bounds = new Set(program.hasAssertions ? NEIGHBOUR_BOUNDS : [0]);
  for (const step of program.steps) {
    if (step.kind !== 'chars') continue;
    for (let i = 0; i < step.ranges.length; i += 2) {
      bounds.add(step.ranges[i] ?? 0).add((step.ranges[i + 1] ?? 0) + 1);
    }
  }
  const starts = Uint32Array.from(bounds).sort();
  const ascii = Uint16Array.from({ length: 128 }, (_, point) => lookUp(starts, point));
  return {
    size: starts.length,
    classOf: (point) => (point < 128 ? (ascii[point] ?? 0) : lookUp(starts, point)),
    representative: (charClass) => starts[charClass] ?? 0,
  };
}

function lookUp(starts: Uint32Array, point: number): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= point) low = middle;
    else high = middle;
  }
  return low;
}
