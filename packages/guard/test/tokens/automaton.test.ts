import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Automaton } from '../../src/tokens/automaton.ts';
import { EndingIndex } from '../../src/tokens/ending-index.ts';
import { MARKS, WORDS } from '../../src/tokens/search-words.ts';
import { StateTable } from '../../src/tokens/state-table.ts';
import { searchWordByWord } from '../../src/tokens/word-by-word.ts';

const all = [...MARKS, ...WORDS].map((word) => word.toLowerCase());
const own = fc
  .array(fc.string({ unit: fc.constantFrom('a', 'b', 'c', '-'), minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 12,
  })
  .map((words) => [...new Set(words)]);
const filler = fc.constantFrom('a', 'B', 'c', '-', ' ', '\n', 'x9_', 'é', 'K', '\u0130');

type Search = (text: string, onHit: (word: number, start: number, end: number) => void) => void;

function hits(search: Search, text: string): string[] {
  const found: string[] = [];
  search(text, (word, start, end) => found.push(`${word} ${start} ${end}`));
  return found;
}

test.each([
  ['words of few letters', own],
  ['the words of the table', fc.constant(all)],
])('however %s are searched for, the same is found in the same order', (_, wordLists) => {
  const input = wordLists.chain((words) =>
    fc.tuple(
      fc.constant(words),
      fc.array(fc.oneof(filler, fc.constantFrom(...words), fc.constantFrom(...words).map(upper))),
    ),
  );
  fc.assert(
    fc.property(input, ([words, pieces]) => {
      const text = pieces.join('');
      const table = new StateTable(words);
      const expected = hits((where, onHit) => table.search(where, onHit), text);
      const index = new EndingIndex(words);
      expect(hits((where, onHit) => index.search(where, onHit), text)).toEqual(expected);
      const automaton = new Automaton(words);
      expect(hits((where, onHit) => automaton.search(where, onHit), text)).toEqual(expected);
      if (/^[ -~\n]*$/.test(text)) {
        expect(hits((where, onHit) => searchWordByWord(words, where, onHit), text)).toEqual(
          expected,
        );
      }
    }),
  );
});

function upper(word: string): string {
  return word.toUpperCase();
}
