import { zero } from '../bytes.ts';
import type { Document } from '../document/document.ts';
import type { Metadata } from '../document/metadata.ts';
import type { KeyService } from '../keys/keyservice.ts';
import { type UnwrapOptions, unwrapDataKey } from '../keys/resolve.ts';
import { type OpenDocumentOptions, type OpenedDocument, openDocument } from './opened-document.ts';
import { requireMetadata } from './require-metadata.ts';

/** How to get at a file's data key. */
export interface KeyAccess {
  readonly services: readonly KeyService[];
  /** Kinds of keys to try first; age and pgp unless given. */
  readonly decryptionOrder?: readonly string[];
  /** Calls of key services at once, or a limiter that many files share. */
  readonly concurrency?: UnwrapOptions['concurrency'];
}

export interface DecryptOptions extends KeyAccess, OpenDocumentOptions {}

/**
 * Decrypts a document and checks its MAC (SOPS-FORMAT 11). The caller overwrites
 * `dataKey` of the result once nothing will be encrypted again.
 * @throws DataKeyError when no key opens it; TidelockError ERR_NOT_ENCRYPTED, ERR_METADATA,
 *   ERR_TOKEN, ERR_NOT_A_TOKEN, ERR_MAC_UNREADABLE, ERR_MAC_MISMATCH
 */
export async function decrypt(
  document: Document,
  options: DecryptOptions,
): Promise<OpenedDocument> {
  const dataKey = await fetchDataKey(requireMetadata(document), options);
  try {
    return openDocument(document, dataKey, options);
  } catch (error) {
    zero(dataKey);
    throw error;
  }
}

/** @throws DataKeyError; TidelockError ERR_NO_KEYS, ERR_SHAMIR */
export async function fetchDataKey(metadata: Metadata, access: KeyAccess): Promise<Uint8Array> {
  const { services, decryptionOrder, concurrency } = access;
  return unwrapDataKey(metadata.keyGroups, {
    services,
    threshold: metadata.shamirThreshold,
    ...(decryptionOrder === undefined ? {} : { order: decryptionOrder }),
    ...(concurrency === undefined ? {} : { concurrency }),
  });
}
