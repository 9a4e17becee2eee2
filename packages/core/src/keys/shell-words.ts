/**
 * Splits a command as a shell would, without being one: white space separates, quotes and backslashes
 * hold together, `#` at the start of a word begins a comment; no variables, no globs (SOPS-FORMAT 6.3).
 * null when a quote is left open or nothing is there.
 */
export function splitShellWords(text: string): readonly string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const char = text.charAt(i);
    if (quote === "'") {
      if (char === "'") quote = '';
      else word += char;
    } else if (char === '\\') {
      i += 1;
      if (i === text.length) return null;
      word = (word ?? '') + text.charAt(i);
    } else if (quote === '"') {
      if (char === '"') quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === '#' && word === null) {
      const end = text.indexOf('\n', i);
      i = end === -1 ? text.length : end;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') return null;
  if (word !== null) words.push(word);
  return words.length === 0 ? null : words;
}
