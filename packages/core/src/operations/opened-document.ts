import { type Cipher, createCipher } from '../cipher/cipher.ts';
import { formatSeconds, parseRfc3339 } from '../cipher/rfc3339.ts';
import type { Comment, Document, Leaf } from '../document/document.ts';
import type { Metadata } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';
import { type OriginalToken, openTree } from './open-tree.ts';
import { requireMetadata } from './require-metadata.ts';
import type { OnWarning } from './warning.ts';

/** A decrypted document with what is needed to encrypt it again under the same data key. */
export interface OpenedDocument {
  /** Plain: no sops block. Shares every node that was not encrypted with `source`. */
  readonly document: Document;
  /** As it was given, encrypted. */
  readonly source: Document;
  readonly metadata: Metadata;
  /** 32 bytes. Overwrite it (`zero`) once nothing will be encrypted again. */
  readonly dataKey: Uint8Array;
  readonly cipher: Cipher;
  readonly originals: ReadonlyMap<Leaf | Comment, OriginalToken>;
  readonly unreadable: ReadonlySet<string>;
  /** The MAC of the plain values; never to be shown. */
  readonly mac: string;
}

export interface OpenDocumentOptions {
  /** Nothing will be encrypted again: tokens are not remembered, those of comments aside. */
  readonly readOnly?: boolean;
  /** Neither open nor compare the MAC: values may have been added, removed or swapped. */
  readonly ignoreMac?: boolean;
  readonly onWarning?: OnWarning;
  readonly randomBytes?: RandomBytes;
}

/**
 * Opens a document whose data key is known, and checks its MAC (SOPS-FORMAT 11).
 * @throws TidelockError ERR_NOT_ENCRYPTED, ERR_METADATA, ERR_TOKEN, ERR_NOT_A_TOKEN,
 *   ERR_MAC_UNREADABLE, ERR_MAC_MISMATCH
 */
export function openDocument(
  document: Document,
  dataKey: Uint8Array,
  options: OpenDocumentOptions = {},
): OpenedDocument {
  const metadata = requireMetadata(document);
  const cipher = createCipher(dataKey, options);
  const tree = openTree(document, metadata, { cipher, ...options });
  if (options.ignoreMac !== true) checkMac(metadata, tree.mac, cipher);
  return {
    document: { ...document, branches: tree.branches, block: null },
    source: document,
    metadata,
    dataKey,
    cipher,
    originals: tree.originals,
    unreadable: tree.unreadable,
    mac: tree.mac,
  };
}

/** The text that binds a MAC to its time: `lastmodified` in whole seconds (SOPS-FORMAT 2). */
function macAad(lastModified: string): string {
  const time = parseRfc3339(lastModified);
  return time === null ? lastModified : formatSeconds(time);
}

export function sealMac(cipher: Cipher, mac: string, lastModified: string): string {
  return cipher.seal({ type: 'str', value: mac }, macAad(lastModified));
}

function checkMac(metadata: Metadata, computed: string, cipher: Cipher): void {
  if (metadata.mac === '') throw mismatch('File has no MAC');
  const stored = openMac(metadata, cipher);
  if (stored !== computed) throw mismatch('The file is not what was encrypted');
}

function openMac(metadata: Metadata, cipher: Cipher): string | null {
  try {
    const opened = cipher.open(metadata.mac, macAad(metadata.lastModified));
    const text = opened.kind === 'scalar' && opened.scalar.type === 'str' && opened.scalar.value;
    return typeof text === 'string' ? text : null;
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    throw new TidelockError('ERR_MAC_UNREADABLE', `Cannot decrypt MAC: ${error.message}`, {
      hint: HINT,
      cause: error,
    });
  }
}

const HINT =
  'Somebody changed the file without its key, or a merge mixed two versions: compare it with an earlier commit; --ignore-mac opens it all the same.';

/** Neither MAC is shown as sops does: of short values a hash is enough to guess them. */
function mismatch(reason: string): TidelockError {
  return new TidelockError('ERR_MAC_MISMATCH', `MAC mismatch. ${reason}`, { hint: HINT });
}
