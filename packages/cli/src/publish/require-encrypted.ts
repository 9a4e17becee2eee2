import {
  compileRegex,
  createSelector,
  type Document,
  formatTreePath,
  isToken,
  type Metadata,
  readMetadata,
  TidelockError,
  treePathOf,
  walkLeaves,
} from '@tidelock/core';

/**
 * The metadata of a file of which every value that its own rule selects is a token: what is uploaded
 * as it is must hold no plaintext.
 * @throws TidelockError ERR_NOT_ENCRYPTED, ERR_NOT_A_TOKEN naming the tree path
 */
export function requireEncrypted(document: Document, path: string): Metadata {
  if (document.block === null) {
    throw new TidelockError('ERR_NOT_ENCRYPTED', 'sops metadata not found', {
      hint: `tidelock encrypt -i ${path}`,
    });
  }
  const metadata = readMetadata(document.block);
  const isSelected = createSelector(metadata.selection, compileRegex);
  walkLeaves(
    document.branches,
    (leaf, context) => {
      if (leaf.kind === 'comment' || leaf.scalar.type === 'null') return;
      if (!isSelected(context, false) || leaf.scalar.value === '') return;
      if (typeof leaf.scalar.value === 'string' && isToken(leaf.scalar.value)) return;
      const where = formatTreePath(treePathOf(context.place));
      throw new TidelockError('ERR_NOT_A_TOKEN', `the value of ${where} is not encrypted`, {
        hint: 'It was added or changed without encrypting it: take it out of the file, then add it with `tidelock set` or `tidelock edit`.',
      });
    },
    { encrypted: true },
  );
  return metadata;
}
