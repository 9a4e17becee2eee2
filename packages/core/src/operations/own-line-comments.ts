import type { Document } from '../document/document.ts';
import { mapLeaves } from '../document/walk.ts';
import type { OpenedDocument } from './opened-document.ts';

/**
 * The plain document with every comment that was encrypted on a line of its own: sops forgets that
 * such a comment stood behind a value (SOPS-FORMAT 4.1). For canonical emission; in place it stays.
 */
export function withOwnLineComments({ document, originals }: OpenedDocument): Document {
  const branches = mapLeaves(document.branches, (leaf) =>
    leaf.kind === 'comment' && leaf.inline && originals.has(leaf)
      ? { ...leaf, inline: false }
      : leaf,
  );
  return { ...document, branches };
}
