import { classifyName, holdsSecrets } from '../key-names.ts';
import type { Source } from '../source.ts';
import { readText, structureOf } from '../structure/structure.ts';
import {
  child,
  leavesOf,
  type Scalar,
  type Tree,
  type TreeLeaf,
  textOf,
} from '../structure/tree.ts';
import type { ConfigEntry } from './entries.ts';
import type { ConfigStyle } from './style.ts';

/** Names of entries that say what another entry, `value` most often, is called. */
const NAMING = ['name', 'key', 'Name', 'Key', 'option', 'field', 'parameter', 'ParameterKey', 'id'];
/** Names of entries that say nothing of what their value is. */
const VALUE = /^(?:value|Value|plaintext|default|Default|content|ParameterValue)$/;

/** Every scalar of the documents under the name that says what it is. */
export function treeEntries(source: Source, style: ConfigStyle): readonly ConfigEntry[] {
  const text = source.text ?? '';
  return structureOf(source).documents.flatMap(({ root }) =>
    Array.from(leavesOf(root))
      .filter(({ scalar }) => !isReferenceTag(scalar.tag))
      .flatMap((leaf) => [
        toEntry(leaf, nameOf(leaf, root), style),
        ...pairsWithin(text, leaf.scalar, style),
      ]),
  );
}

const PAIR =
  /(?:^|[\s"'{,-])(?:name|key)["']?:[ \t]*["']?[A-Za-z_][\w.-]{0,99}["']?[ \t]*(?:,|\r?\n)[ \t]*["']?value["']?:/i;

/**
 * `name: DB_PASSWORD` with its `value:` in a text of several lines, as in a patch of kustomize. Other
 * entries of such a text are found line by line.
 */
function pairsWithin(text: string, { span }: Scalar, style: ConfigStyle): ConfigEntry[] {
  const block = text.slice(span.start, span.end);
  const first = /^[|>][^\n]{0,100}\n/.exec(block)?.[0].length;
  if (first === undefined || !PAIR.test(block)) return [];
  return readText(block.slice(first), span.start + first).documents.flatMap(({ root }) =>
    Array.from(leavesOf(root))
      .filter(({ path }) => typeof path.at(-1) === 'string' && VALUE.test(String(path.at(-1))))
      .map((leaf) => toEntry(leaf, nameOf(leaf, root), style)),
  );
}

/** A tag of an application (`!secret`, `!Ref`) makes of the text something else. */
function isReferenceTag(tag: string | undefined): boolean {
  return tag !== undefined && /^!(?![!]|unsafe$)/.test(tag);
}

function toEntry({ scalar }: TreeLeaf, name: string, style: ConfigStyle): ConfigEntry {
  return { name, value: scalar.value, span: withoutQuotes(scalar), style, comment: false };
}

/** The last key of the way (of a `key` with the one above), or what stands beside or above a `value`. */
function nameOf({ path, scalar }: TreeLeaf, root: Tree): string {
  const keys = path.filter((step) => typeof step === 'string');
  const last = keys.at(-1) ?? '';
  if (typeof path.at(-1) !== 'string') return last;
  if (/^key$/i.test(last) && keys.length > 1) return keys.slice(-2).join('.');
  const parent = keys.at(-2);
  if (!VALUE.test(last)) {
    const isWord = !/\s/.test(scalar.value);
    return parent !== undefined && isWord && isUnnamed(last, parent) ? parent : last;
  }
  const owner = path.slice(0, -1).reduce<Tree | undefined>(step, root);
  for (const naming of NAMING) {
    const text = textOf(owner, naming);
    if (text !== undefined) return text;
  }
  return keys.at(-2) ?? last;
}

/** Of a map of secrets, under a name that says nothing. */
function isUnnamed(name: string, parent: string): boolean {
  return holdsSecrets(parent) && classifyName(name) === 'other';
}

function step(tree: Tree | undefined, part: string | number): Tree | undefined {
  if (typeof part === 'string') return child(tree, part);
  return tree?.kind === 'list' ? tree.elements[part] : undefined;
}

function withoutQuotes({ span, quoted, value }: Scalar): ConfigEntry['span'] {
  const isWhole = quoted && span.end - span.start === value.length + 2;
  return isWhole ? { start: span.start + 1, end: span.end - 1 } : span;
}

/**
 * Entries of lines with those of the tree: where both begin at one place the tree knows better where
 * the value ends.
 */
export function withTree(
  lines: readonly ConfigEntry[],
  tree: readonly ConfigEntry[],
): readonly ConfigEntry[] {
  const starts = new Set(tree.map(({ span }) => span.start));
  const rest = lines.filter(({ span }) => !starts.has(span.start) && !starts.has(span.start - 1));
  return [...rest, ...tree].sort((a, b) => a.span.start - b.span.start);
}
