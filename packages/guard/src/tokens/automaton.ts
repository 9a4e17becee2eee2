import { EndingIndex } from './ending-index.ts';
import { StateTable } from './state-table.ts';
import { searchWordByWord } from './word-by-word.ts';

/** Told of a word by its number and of where it stands. */
export type OnWord = (word: number, start: number, end: number) => void;

/** Characters up to which no index pays. */
const LITTLE_TEXT = 8 * 1024;
/** Characters after which the slower to build and faster to use pays. */
const MUCH_TEXT = 256 * 1024;

const ASCII = /^[\x00-\x7f]*$/;

/**
 * Finds every occurrence of many words in one pass. Letters of either case are the same to it:
 * whoever asks compares the text itself. A hook that looks at one file is over before a table of
 * states is made, so that is made only once there is much to look through.
 */
export class Automaton {
  readonly #words: readonly string[];
  #index: EndingIndex | StateTable | null = null;
  #seen = 0;

  /** @param words ASCII */
  constructor(words: readonly string[]) {
    this.#words = words.join('\n').toLowerCase().split('\n');
  }

  /** Calls back for each hit, in order of their ends, of those with one end the longest first. */
  search(text: string, onHit: OnWord): void {
    const before = this.#seen;
    this.#seen += text.length;
    if (this.#seen <= LITTLE_TEXT && ASCII.test(text)) {
      searchWordByWord(this.#words, text, onHit);
      return;
    }
    if (before <= MUCH_TEXT && this.#seen > MUCH_TEXT) this.#index = new StateTable(this.#words);
    this.#index ??= new EndingIndex(this.#words);
    this.#index.search(text, onHit);
  }
}
