import type { Document, MapNode } from '../document/document.ts';
import type { Metadata } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { readMetadata } from '../metadata/read.ts';
import { requireVersion } from '../metadata/version.ts';

/**
 * The metadata of an encrypted document.
 * @throws TidelockError ERR_NOT_ENCRYPTED, ERR_METADATA, ERR_SELECTION_CONFLICT, ERR_NO_KEYS
 */
export function requireMetadata(document: Document): Metadata {
  const metadata = readMetadata(requireBlock(document));
  requireVersion(metadata.version);
  return metadata;
}

/** @throws TidelockError ERR_NOT_ENCRYPTED */
export function requireBlock(document: Document): MapNode {
  if (document.block !== null) return document.block;
  throw new TidelockError('ERR_NOT_ENCRYPTED', 'sops metadata not found', {
    hint: 'The file is not encrypted: use `tidelock encrypt -i FILE`.',
  });
}

/**
 * @throws TidelockError ERR_ALREADY_ENCRYPTED, also when only a later YAML document has a sops block;
 *   ERR_EMPTY_DOCUMENT for a text without any document
 */
export function requirePlain(document: Document): void {
  const blocks = document.origin?.blocks ?? [];
  const decrypted = document.block === null && (blocks[0] ?? null) !== null;
  if (document.block !== null || !(decrypted || blocks.every((block) => block === null))) {
    throw alreadyEncrypted('the file already has a sops block');
  }
  if (document.branches.length > 0) return;
  throw new TidelockError('ERR_EMPTY_DOCUMENT', 'the file holds no document', {
    hint: 'There is nothing to encrypt; give it at least one key.',
  });
}

export function alreadyEncrypted(message: string): TidelockError {
  return new TidelockError('ERR_ALREADY_ENCRYPTED', message, {
    hint: 'Use `tidelock edit` or `tidelock set` to change an encrypted file; a key of your own cannot be named sops.',
  });
}
