import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document, MapNode } from '../document/document.ts';
import { sealBlock } from '../metadata/write.ts';
import { type OpenedDocument, sealMac } from './opened-document.ts';
import { requireBlock } from './require-metadata.ts';
import { sealTree } from './seal-tree.ts';

/**
 * An opened document encrypted again with other branches: leaves that did not change get their own
 * tokens back, and of the sops block only `mac` and `lastmodified` change (SOPS-FORMAT 9.3).
 * @throws TidelockError ERR_COMMENT_SELECTION, ERR_TOO_DEEP
 */
export function reseal(
  opened: OpenedDocument,
  branches: readonly MapNode[],
  options: { readonly now: Date },
): Document {
  const { metadata, cipher, originals, unreadable, source } = opened;
  const tree = sealTree(branches, {
    cipher,
    originals,
    unreadable,
    selection: metadata.selection,
    macOnlyEncrypted: metadata.macOnlyEncrypted,
  });
  const lastModified = rfc3339Seconds(options.now);
  const mac = sealMac(cipher, tree.mac, lastModified);
  const block = sealBlock(requireBlock(source), { mac, lastModified });
  return { ...source, branches: tree.branches, block };
}
