import { ALPHABET_COUNT, inAlphabet } from './alphabets.ts';

/**
 * Where runs of one alphabet end. Each run is walked once however often it is asked about, which
 * keeps the detector linear when prefixes repeat within one long run.
 */
export class Runs {
  readonly #text: string;
  readonly #starts = new Int32Array(ALPHABET_COUNT).fill(-1);
  readonly #ends = new Int32Array(ALPHABET_COUNT).fill(-1);

  constructor(text: string) {
    this.#text = text;
  }

  /** Offset of the first character at or after `from` that is not in the alphabet. */
  end(from: number, alphabet: number): number {
    const start = this.#starts[alphabet] ?? -1;
    const known = this.#ends[alphabet] ?? -1;
    if (start >= 0 && from >= start && from <= known) return known;
    let end = from;
    while (end < this.#text.length && inAlphabet(this.#text.charCodeAt(end), alphabet)) end++;
    this.#starts[alphabet] = from;
    this.#ends[alphabet] = end;
    return end;
  }
}
