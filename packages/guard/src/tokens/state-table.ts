/** The words as states (Aho and Corasick): the fastest way through much text, and slow to build. */
export class StateTable {
  readonly #lengths: readonly number[];
  readonly #classes: Uint8Array;
  readonly #classCount: number;
  /** Next state by state and character class. */
  readonly #next: Int32Array;
  /** Words that end in a state, longest first; most states have none. */
  readonly #words: (readonly number[] | undefined)[];

  /** @param words ASCII */
  constructor(words: readonly string[]) {
    this.#lengths = words.map((word) => word.length);
    const { classes, count } = characterClasses(words);
    this.#classes = classes;
    this.#classCount = count;
    const trie = buildTrie(words, classes, count);
    this.#next = trie.next;
    this.#words = linkStates(trie, count);
  }

  /** Calls back for each hit, in order of their ends. */
  search(text: string, onHit: (word: number, start: number, end: number) => void): void {
    const next = this.#next;
    const classes = this.#classes;
    const count = this.#classCount;
    let state = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      state = code < 128 ? (next[state * count + (classes[code] ?? 0)] ?? 0) : 0;
      const words = this.#words[state];
      if (words === undefined) continue;
      for (const word of words) onHit(word, i + 1 - (this.#lengths[word] ?? 0), i + 1);
    }
  }
}

interface Trie {
  readonly next: Int32Array;
  readonly words: (number[] | undefined)[];
  readonly states: number;
}

function fold(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}

/** Characters that stand in no word share class 0. */
function characterClasses(words: readonly string[]): { classes: Uint8Array; count: number } {
  const classes = new Uint8Array(128);
  let count = 1;
  for (const word of words) {
    for (let i = 0; i < word.length; i++) {
      const code = fold(word.charCodeAt(i));
      if (classes[code] === 0) classes[code] = count++;
    }
  }
  for (let code = 65; code <= 90; code++) classes[code] = classes[code + 32] ?? 0;
  return { classes, count };
}

function buildTrie(words: readonly string[], classes: Uint8Array, count: number): Trie {
  const room = words.reduce((sum, word) => sum + word.length, 1);
  const next = new Int32Array(room * count);
  const ends: (number[] | undefined)[] = [undefined];
  let states = 1;
  words.forEach((word, index) => {
    let state = 0;
    for (let i = 0; i < word.length; i++) {
      const slot = state * count + (classes[word.charCodeAt(i)] ?? 0);
      if (next[slot] === 0) {
        next[slot] = states++;
        ends.push(undefined);
      }
      state = next[slot] ?? 0;
    }
    const here = ends[state];
    if (here === undefined) ends[state] = [index];
    else here.push(index);
  });
  return { next, words: ends, states };
}

/** Breadth first: completes `next` with the transitions of the longest proper suffix. */
function linkStates({ next, words, states }: Trie, count: number): Trie['words'] {
  const suffix = new Int32Array(states);
  const queue: number[] = [];
  for (let c = 0; c < count; c++) {
    const child = next[c] ?? 0;
    if (child !== 0) queue.push(child);
  }
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head] ?? 0;
    const back = suffix[state] ?? 0;
    const inherited = words[back];
    if (inherited !== undefined) words[state] = [...(words[state] ?? []), ...inherited];
    for (let c = 0; c < count; c++) {
      const slot = state * count + c;
      const child = next[slot] ?? 0;
      const fallback = next[back * count + c] ?? 0;
      if (child === 0) next[slot] = fallback;
      else {
        suffix[child] = fallback;
        queue.push(child);
      }
    }
  }
  return words;
}
