import { globToRegExp } from '@tidelock/guard';

/** Where a forge looks for it; the first that there is counts. */
export const CODEOWNERS_PATHS: readonly string[] = [
  '.github/CODEOWNERS',
  'CODEOWNERS',
  'docs/CODEOWNERS',
  '.gitlab/CODEOWNERS',
];

interface OwnerRule {
  readonly globs: readonly RegExp[];
  readonly owners: readonly string[];
}

/** A CODEOWNERS file: the last rule that matches a path names its owners. */
export class CodeOwners {
  readonly #rules: readonly OwnerRule[];

  constructor(text: string) {
    this.#rules = text.split(/\r?\n/).flatMap(readRule).reverse();
  }

  /** In the order of the file; none when no rule matches, or the rule names nobody. */
  ownersOf(path: string): readonly string[] {
    return this.#rules.find(({ globs }) => globs.some((glob) => glob.test(path)))?.owners ?? [];
  }
}

/** Comments, sections of GitLab and patterns that GitHub refuses (`!`, `[...]`) say nothing. */
function readRule(line: string): readonly OwnerRule[] {
  const words = wordsOf(line);
  const [pattern = '', ...owners] = words;
  if (pattern === '' || /^[!^]?\[/.test(pattern) || pattern.startsWith('!')) return [];
  return [{ globs: globsOf(pattern).map(globToRegExp), owners: owners.filter(isOwner) }];
}

/** Separated by blanks; a backslash keeps the blank or `#` behind it, `#` begins a comment. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  let word = '';
  for (let at = 0; at < line.length; at++) {
    const char = line[at] ?? '';
    if (char === '\\' && at + 1 < line.length) word += line[++at] ?? '';
    else if (char === '#' && word === '') break;
    else if (char !== ' ' && char !== '\t') word += char;
    else if (word !== '') {
      words.push(word);
      word = '';
    }
  }
  return word === '' ? words : [...words, word];
}

const isOwner = (word: string) => /^@[^\s@]+$|^[^\s@]+@[^\s@]+$/.test(word);

/** As in .gitignore: anchored by a slash that is not the last, a folder stands for all below it. */
function globsOf(pattern: string): readonly string[] {
  const isFolder = pattern.endsWith('/');
  const body = pattern.replace(/^\/|\/+$/g, '').replace(/[{}]/g, '?');
  if (body === '') return ['**'];
  const isAnchored = pattern.startsWith('/') || body.includes('/');
  const from = isAnchored ? body : `**/${body}`;
  if (isFolder) return [`${from}/**`];
  // `docs/*` is for the files of that folder alone.
  return isAnchored && body.endsWith('*') ? [from] : [from, `${from}/**`];
}
