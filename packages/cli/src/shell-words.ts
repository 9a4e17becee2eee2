import { CommandError } from './command-error.ts';

/**
 * Splits a command line as a shell would, quotes and backslashes honoured, nothing expanded: for
 * `SOPS_EDITOR` and its like, which are run without a shell.
 * @throws CommandError for an open quote
 */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote: '"' | "'" | null = null;
  for (let i = 0; i < line.length; i++) {
    const char = line.charAt(i);
    if (quote !== null) {
      if (char === quote) quote = null;
      else if (char === '\\' && quote === '"' && '"\\$`'.includes(line.charAt(i + 1)))
        word = (word ?? '') + line.charAt(++i);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') {
      word = (word ?? '') + line.charAt(++i);
    } else if (char === ' ' || char === '\t' || char === '\n') {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== null)
    throw new CommandError(
      'ERR_USAGE',
      1,
      'the command line has an open quote',
      'Close the quote.',
    );
  if (word !== null) words.push(word);
  return words;
}
