import type { TextSpan, TreePath } from '../types.ts';

/** What YAML and JSON have in common, with where each part stands in the text. */
export type Tree = Scalar | TreeMap | TreeList;

export interface Scalar {
  readonly kind: 'scalar';
  readonly value: string;
  /** Written as text; otherwise `true`, `12` and `null` mean what they say. */
  readonly quoted: boolean;
  readonly tag: string | undefined;
  readonly span: TextSpan;
}

export interface TreeMap {
  readonly kind: 'map';
  readonly entries: readonly TreeEntry[];
  readonly span: TextSpan;
}

export interface TreeList {
  readonly kind: 'list';
  readonly elements: readonly Tree[];
  readonly span: TextSpan;
}

export interface TreeEntry {
  readonly key: string;
  readonly keySpan: TextSpan;
  readonly value: Tree;
}

/** A scalar with the way to it. */
export interface TreeLeaf {
  readonly path: TreePath;
  readonly scalar: Scalar;
}

/** The value of the last entry of that key, which is the one that counts. */
export function child(tree: Tree | undefined, key: string): Tree | undefined {
  if (tree?.kind !== 'map') return undefined;
  for (let i = tree.entries.length - 1; i >= 0; i--) {
    const entry = tree.entries[i];
    if (entry?.key === key) return entry.value;
  }
  return undefined;
}

/** The values of every entry of that key: readers do not agree on which of two counts. */
export function childrenOf(tree: Tree | undefined, key: string): readonly Tree[] {
  return entriesOf(tree).flatMap((entry) => (entry.key === key ? [entry.value] : []));
}

export function descendant(tree: Tree | undefined, ...keys: readonly string[]): Tree | undefined {
  return keys.reduce<Tree | undefined>((at, key) => child(at, key), tree);
}

/** Text of a scalar child, or undefined. */
export function textOf(tree: Tree | undefined, key: string): string | undefined {
  const found = child(tree, key);
  return found?.kind === 'scalar' ? found.value : undefined;
}

export function elementsOf(tree: Tree | undefined): readonly Tree[] {
  return tree?.kind === 'list' ? tree.elements : [];
}

export function entriesOf(tree: Tree | undefined): readonly TreeEntry[] {
  return tree?.kind === 'map' ? tree.entries : [];
}

/** What no person has written as a value: nothing, `null`, `~`. */
export function isNull(scalar: Scalar): boolean {
  return !scalar.quoted && /^(?:~|null|Null|NULL)?$/.test(scalar.value);
}

/**
 * Every scalar under a tree, in order. A node that aliases repeat is visited once, which keeps this
 * linear in the text whatever the aliases multiply to.
 */
export function* leavesOf(tree: Tree, path: TreePath = []): Iterable<TreeLeaf> {
  const seen = new Set<Tree>();
  const stack: { tree: Tree; path: TreePath }[] = [{ tree, path }];
  while (true) {
    const next = stack.pop();
    if (next === undefined) return;
    if (next.tree.kind === 'scalar') {
      yield { path: next.path, scalar: next.tree };
      continue;
    }
    if (seen.has(next.tree)) continue;
    seen.add(next.tree);
    stack.push(...partsOf(next.tree, next.path).reverse());
  }
}

function partsOf(tree: TreeMap | TreeList, path: TreePath): { tree: Tree; path: TreePath }[] {
  return tree.kind === 'map'
    ? tree.entries.map((entry) => ({ tree: entry.value, path: [...path, entry.key] }))
    : tree.elements.map((element, i) => ({ tree: element, path: [...path, i] }));
}

/** Every map under a tree, each once. */
export function* mapsOf(
  tree: Tree,
  path: TreePath = [],
): Iterable<{ map: TreeMap; path: TreePath }> {
  const seen = new Set<Tree>();
  const stack: { tree: Tree; path: TreePath }[] = [{ tree, path }];
  while (true) {
    const next = stack.pop();
    if (next === undefined) return;
    if (next.tree.kind === 'scalar' || seen.has(next.tree)) continue;
    seen.add(next.tree);
    if (next.tree.kind === 'map') yield { map: next.tree, path: next.path };
    stack.push(...partsOf(next.tree, next.path).reverse());
  }
}
