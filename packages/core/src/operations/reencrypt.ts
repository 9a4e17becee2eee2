import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document } from '../document/document.ts';
import { raisedVersion } from '../metadata/version.ts';
import { writeMetadata } from '../metadata/write.ts';
import { type OpenedDocument, sealMac } from './opened-document.ts';
import { requirePlain } from './require-metadata.ts';
import { sealTree } from './seal-tree.ts';

/**
 * Encrypts another plain document, such as the text that comes back from an editor, with the data key,
 * keys and rules of an opened one: equal values at equal paths get their tokens back
 * (SOPS-FORMAT 1.5 and 9.3, edit). The version is raised to ours, never lowered.
 * @throws TidelockError ERR_ALREADY_ENCRYPTED, ERR_EMPTY_DOCUMENT, ERR_COMMENT_SELECTION, ERR_TOO_DEEP
 */
export function reencrypt(
  plain: Document,
  opened: OpenedDocument,
  options: { readonly now: Date },
): Document {
  requirePlain(plain);
  const version = raisedVersion(opened.metadata.version);
  const { metadata, cipher, originals, unreadable } = opened;
  const { selection, macOnlyEncrypted } = metadata;
  const tree = sealTree(plain.branches, {
    cipher,
    originals,
    unreadable,
    selection,
    macOnlyEncrypted,
  });
  const lastModified = rfc3339Seconds(options.now);
  const mac = sealMac(cipher, tree.mac, lastModified);
  const block = writeMetadata({ ...metadata, mac, lastModified, version });
  return { ...plain, branches: tree.branches, block };
}
