/**
 * The words by their last three characters: ready in a millisecond, where a table of all states
 * takes twenty. Few words share an ending, so a character of text costs a bounded amount.
 */
export class EndingIndex {
  readonly #words: readonly string[];
  /** Number of the list of words that end in three characters of this hash; 0 for none. */
  readonly #endings = new Uint16Array(ENDINGS);
  /** The same for words of one character, which any two may stand before. */
  readonly #single = new Uint16Array(128);
  /** Words by ending, longest first. */
  readonly #lists: number[][] = [[]];

  /** @param words ASCII */
  constructor(words: readonly string[]) {
    this.#words = words.map((word) => word.toLowerCase());
    const byLength = words.map((_, word) => word).sort((a, b) => this.#length(b) - this.#length(a));
    for (const word of byLength) this.#addWord(this.#words[word] ?? '', word);
  }

  /** Calls back for each hit, in order of their ends, of those with one end the longest first. */
  search(text: string, onHit: (word: number, start: number, end: number) => void): void {
    const endings = this.#endings;
    const single = this.#single;
    let hash = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      const here = code < 128 ? (FOLD[code] ?? 0) : 0;
      hash = ((hash << 5) ^ here) & (ENDINGS - 1);
      const list = endings[hash] ?? 0;
      if (list !== 0) this.#report(text, i, { list, onHit });
      const lone = single[here] ?? 0;
      if (lone !== 0) this.#report(text, i, { list: lone, onHit });
    }
  }

  #report(text: string, last: number, { list, onHit }: Candidates): void {
    for (const word of this.#lists[list] ?? []) {
      const start = last + 1 - this.#length(word);
      if (start >= 0 && standsAt(text, start, this.#words[word] ?? ''))
        onHit(word, start, last + 1);
    }
  }

  #length(word: number): number {
    return this.#words[word]?.length ?? 0;
  }

  #addWord(text: string, word: number): void {
    const at = (back: number) => text.charCodeAt(text.length - back);
    if (text.length === 1) this.#add(this.#single, at(1), word);
    else if (text.length > 2) this.#add(this.#endings, hashOf(at(3), at(2), at(1)), word);
    else {
      // Whatever stands before it changes the upper bits of the hash alone.
      for (let bits = 0; bits < 32; bits++)
        this.#add(this.#endings, hashOf(bits, at(2), at(1)), word);
    }
  }

  #add(table: Uint16Array, ending: number, word: number): void {
    const list = table[ending] ?? 0;
    if (list === 0) table[ending] = this.#lists.push([word]) - 1;
    else this.#lists[list]?.push(word);
  }
}

interface Candidates {
  readonly list: number;
  readonly onHit: (word: number, start: number, end: number) => void;
}

const ENDINGS = 2 ** 15;

/** Of three ASCII characters: five bits further for each, what leaves the table is forgotten. */
function hashOf(first: number, second: number, third: number): number {
  return ((first << 10) ^ (second << 5) ^ third) & (ENDINGS - 1);
}

function standsAt(text: string, start: number, word: string): boolean {
  for (let i = word.length - 1; i >= 0; i--) {
    const code = text.charCodeAt(start + i);
    if (code >= 128 || FOLD[code] !== word.charCodeAt(i)) return false;
  }
  return true;
}

/** Lower case of ASCII. */
const FOLD = Uint8Array.from({ length: 128 }, (_, code) =>
  code >= 65 && code <= 90 ? code + 32 : code,
);
