import {
  compileRegex,
  createSelector,
  type Document,
  isToken,
  type Selection,
  type Selector,
  type TreePath,
  tokenType,
  treePathOf,
  walkLeaves,
} from '@tidelock/core';

/** What another selection rule would do to the values of an encrypted file. */
export interface SelectionChange {
  /** Plain now, and encrypted then. */
  readonly gained: readonly TreePath[];
  /** Encrypted now, and plain then. */
  readonly lost: number;
}

/** Paths of every value that stands encrypted in the file. */
export function encryptedValues(document: Document): readonly TreePath[] {
  const paths: TreePath[] = [];
  const visit: Visit = (leaf, context) => {
    const token = leaf.kind === 'leaf' ? tokenText(leaf) : null;
    if (token !== null && tokenType(token) !== 'comment') paths.push(treePathOf(context.place));
  };
  walkLeaves(document.branches, visit, { encrypted: true });
  return paths;
}

/**
 * Compares by what can be seen without a key: encrypted comments cannot mark anything.
 * @throws TidelockError ERR_REGEX
 */
export function selectionChange(document: Document, wanted: Selection): SelectionChange {
  const selects: Selector = createSelector(wanted, compileRegex);
  const gained: TreePath[] = [];
  let lost = 0;
  const visit: Visit = (leaf, context) => {
    const selected = selects(context, leaf.kind === 'comment');
    const isEncrypted = tokenText(leaf) !== null;
    if (isEncrypted && !selected) lost++;
    if (leaf.kind === 'comment' || leaf.scalar.type === 'null') return;
    const isEmpty = leaf.scalar.type === 'str' && leaf.scalar.value.length === 0;
    if (!isEncrypted && selected && !isEmpty) gained.push(treePathOf(context.place));
  };
  walkLeaves(document.branches, visit, { encrypted: true });
  return { gained, lost };
}

type Visit = Parameters<typeof walkLeaves>[1];

/** The token that stands there, or null. */
export function tokenText(leaf: Parameters<Visit>[0]): string | null {
  const text =
    leaf.kind === 'comment' ? leaf.text : leaf.scalar.type === 'str' && leaf.scalar.value;
  return typeof text === 'string' && isToken(text) ? text : null;
}
