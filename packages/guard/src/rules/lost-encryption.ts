import { fileName, say } from '../mask.ts';
import type { Source } from '../source.ts';
import type { FileRule, ProblemIn, SetRule } from '../types.ts';

/** A file of ansible-vault whose body is no longer ciphertext. */
export const ansibleVault: FileRule = {
  id: 'broken/ansible-vault',
  severity: 'error',
  title: 'An ansible-vault header over plain text',
  docs: {
    why: 'The header makes the file look encrypted while its content is readable, or lost.',
    fix: 'Encrypt it again with ansible-vault encrypt, and change what was readable.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes('$ANSIBLE_VAULT;')) return;
    for (const match of text.matchAll(/^([ \t]*)\$ANSIBLE_VAULT;1\.[0-9];AES256[^\n]{0,100}\n/gm)) {
      const body = text.slice(match.index + match[0].length, match.index + match[0].length + 400);
      const [first = ''] = body.split('\n');
      if (/^\s*[0-9a-f]{2,}\s*$/.test(first)) continue;
      yield {
        span: { start: match.index, end: match.index + match[0].trimEnd().length },
        message: say`an ansible-vault header with plain text under it`,
        hint: say`Change what was readable, then encrypt again: ansible-vault encrypt FILE`,
      };
    }
  },
};

/** Files that .gitattributes gives to git-crypt and that were committed as they are. */
export const gitCrypt: SetRule = {
  id: 'broken/git-crypt',
  severity: 'error',
  title: 'A file that git-crypt should have encrypted',
  docs: {
    why: 'Without git-crypt unlocked (or with the attribute added later) git commits the plain text.',
    fix: 'Run git-crypt status -f, and change what was readable.',
  },
  *checkAll(sources) {
    const patterns = sources.filter(({ name }) => name === '.gitattributes').flatMap(patternsOf);
    if (patterns.length === 0) return;
    for (const source of sources) yield* checkSource(source, patterns);
  },
};

interface AttributePattern {
  readonly directory: string;
  readonly pattern: RegExp;
  readonly encrypted: boolean;
}

function* checkSource(source: Source, patterns: readonly AttributePattern[]): Iterable<ProblemIn> {
  if (source.bytes.length === 0 || source.mode === '120000' || source.mode === '160000') return;
  const last = patterns.findLast(
    ({ directory, pattern }) =>
      source.path.startsWith(directory) && pattern.test(source.path.slice(directory.length)),
  );
  if (last?.encrypted !== true || source.name.startsWith('.git')) return;
  const head = Buffer.from(source.bytes.subarray(0, 10)).toString('latin1');
  if (head === '\0GITCRYPT\0' || head === TRANSCRYPT) return;
  yield {
    source,
    span: null,
    message: say`${fileName(source.path)} is given to git-crypt by .gitattributes and is not encrypted`,
    hint: say`Run git-crypt unlock and git-crypt status -f, then change what was readable.`,
  };
}

/** How base64 of openssl's `Salted__` begins: what transcrypt writes. */
const TRANSCRYPT = 'U2FsdGVkX1';

function patternsOf(source: Source): AttributePattern[] {
  const directory = source.path.slice(0, source.path.length - source.name.length);
  const macros = new Map<string, boolean>();
  return (source.text ?? '').split('\n').flatMap((line) => {
    const [glob = '', ...attributes] = line.trim().split(/\s+/);
    const encrypted = filterOf(attributes, macros);
    if (glob === '' || glob.startsWith('#') || encrypted === null) return [];
    if (glob.startsWith('[attr]')) {
      macros.set(glob.slice('[attr]'.length), encrypted);
      return [];
    }
    return [{ directory, pattern: globPattern(glob), encrypted }];
  });
}

/** Whether the last filter that these attributes set encrypts; null where they set none. */
function filterOf(
  attributes: readonly string[],
  macros: ReadonlyMap<string, boolean>,
): boolean | null {
  let encrypted: boolean | null = null;
  for (const attribute of attributes) {
    const macro = macros.get(attribute);
    if (macro !== undefined) encrypted = macro;
    if (/^[!-]?filter\b/.test(attribute)) encrypted = /^filter=(?:git-)?crypt/.test(attribute);
  }
  return encrypted;
}

/** A pattern without a slash matches names in any folder; runs of stars become one. */
function globPattern(glob: string): RegExp {
  const anchored = glob.replace(/^\//, '');
  const body = anchored
    .slice(0, 300)
    .replace(/\*{3,}/g, '**')
    .split(/(\*\*\/|\*\*|\*|\?)/)
    .map((part) => GLOB.get(part) ?? part.replace(/[.+^${}()|[\]\\]/g, '\\$&'))
    .join('');
  return new RegExp(anchored === glob && !glob.includes('/') ? `(?:^|/)${body}$` : `^${body}$`);
}

const GLOB: ReadonlyMap<string, string> = new Map([
  ['**/', '(?:.*/)?'],
  ['**', '.*'],
  ['*', '[^/]*'],
  ['?', '[^/]'],
]);
