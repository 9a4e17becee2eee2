/**
 * Every occurrence of each word by a search of its own, of those with one end the longest first: for
 * little text done before an index of the words is made.
 * @param words ASCII, in lower case
 * @param text ASCII
 */
export function searchWordByWord(
  words: readonly string[],
  text: string,
  onHit: (word: number, start: number, end: number) => void,
): void {
  const folded = text.toLowerCase();
  const hits: Hit[] = [];
  for (let word = 0; word < words.length; word++) {
    const { length } = words[word] ?? '';
    let start = folded.indexOf(words[word] ?? '');
    for (; start !== -1; start = folded.indexOf(words[word] ?? '', start + 1)) {
      hits.push({ word, start, end: start + length });
    }
  }
  hits.sort((a, b) => a.end - b.end || a.start - b.start || a.word - b.word);
  for (const { word, start, end } of hits) onHit(word, start, end);
}

interface Hit {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}
