/** A generator of pseudo-random numbers from a seed (mulberry32): the same seed, the same examples. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number from 0 to `below` - 1. */
  next(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  }

  pick<T>(list: readonly T[]): T {
    const chosen = list[this.next(list.length)];
    if (chosen === undefined) throw new RangeError('nothing to pick from');
    return chosen;
  }

  text(alphabet: string, length: number): string {
    return Array.from({ length }, () => alphabet[this.next(alphabet.length)] ?? '').join('');
  }
}
