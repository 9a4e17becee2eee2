import type { Comment, Entry, Item, Leaf, MapNode } from '../document/document.ts';
import { TidelockError } from '../errors.ts';
import { METADATA_PREFIX } from './dotenv-parse.ts';
import { flatten } from './flatten.ts';
import { scalarText } from './scalar-text.ts';

/**
 * One line without its line break.
 * @param strict the text must read back as the same value, because a MAC is taken over it
 * @throws TidelockError ERR_EMIT for what a dotenv file cannot hold
 */
export function dotenvLine(item: Item, strict: boolean): string {
  if (item.kind === 'comment') return commentLines(item);
  return `${checkedKey(item.key)}=${dotenvValue(leafOf(item), { key: item.key, strict })}`;
}

/** The text behind the `=`. @throws TidelockError ERR_EMIT */
export function dotenvValue(leaf: Leaf, { key, strict }: { key: string; strict: boolean }): string {
  const text = scalarText(leaf.scalar);
  if (strict && text.includes('\\n')) {
    throw unwritable(
      `The value of "${key}" holds a backslash before an n, which reads as a line break.`,
    );
  }
  return text.replaceAll('\n', '\\n');
}

/** The lines of the metadata in their order, without line breaks (SOPS-FORMAT 4.6). */
export function metadataLines(block: MapNode): { key: string; value: string }[] {
  return flatten(block).map(([key, text]) => ({ key, value: text.replaceAll('\n', '\\n') }));
}

/** The leaf of an entry. @throws TidelockError ERR_EMIT for a list or a map */
export function leafOf(entry: Entry): Leaf {
  if (entry.value.kind === 'leaf') return entry.value;
  throw new TidelockError('ERR_EMIT', `dotenv cannot hold the list or map under "${entry.key}".`, {
    hint: 'Write this document as YAML or JSON (--output-type).',
  });
}

function checkedKey(key: string): string {
  if (key.startsWith(METADATA_PREFIX)) {
    throw unwritable(`The key "${key}" begins with "sops_", which is kept for the metadata.`);
  }
  if (/[=\n]/.test(key) || key.startsWith('#')) {
    throw unwritable('A key holds "=" or a line break, or begins with "#".');
  }
  return key;
}

/** A comment of several lines comes from another format: each line needs its own mark. */
function commentLines(comment: Comment): string {
  const [first = '', ...others] = comment.text.split('\n');
  return [`#${first}`, ...others.map((line) => (line.startsWith('#') ? line : `#${line}`))].join(
    '\n',
  );
}

function unwritable(message: string): TidelockError {
  return new TidelockError('ERR_EMIT', message, {
    hint: 'Rename or change it, or write this document as YAML or JSON (--output-type).',
  });
}
