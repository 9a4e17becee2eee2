import type { Document, Format } from '../document/document.ts';
import { type MasterKeyType, masterKeyId, type Selection } from '../document/metadata.ts';
import { readMetadata, selectionOf } from '../metadata/read.ts';
import { requireBlock } from './require-metadata.ts';

/**
 * What `filestatus` prints: encrypted when the sops block can be read and has a version and a MAC.
 * @throws TidelockError ERR_METADATA, ERR_SELECTION_CONFLICT, ERR_NO_KEYS for a damaged block
 */
export function fileStatus(document: Document): { readonly encrypted: boolean } {
  if (document.block === null) return { encrypted: false };
  const { version, mac } = readMetadata(document.block);
  return { encrypted: version !== '' && mac !== '' };
}

/** What can be told of an encrypted file without any key. */
export interface Inspection {
  readonly format: Format;
  readonly keyGroups: readonly (readonly { readonly type: MasterKeyType; readonly id: string }[])[];
  readonly threshold: number;
  readonly selection: Selection;
  readonly macOnlyEncrypted: boolean;
  readonly lastmodified: string;
  readonly version: string;
}

/** @throws TidelockError ERR_NOT_ENCRYPTED and as `fileStatus` */
export function inspect(document: Document): Inspection {
  const metadata = readMetadata(requireBlock(document));
  return {
    format: document.format,
    keyGroups: metadata.keyGroups.map(({ keys }) =>
      keys.map((key) => ({ type: key.type, id: masterKeyId(key) })),
    ),
    threshold: metadata.shamirThreshold,
    selection: selectionOf(metadata),
    macOnlyEncrypted: metadata.macOnlyEncrypted,
    lastmodified: metadata.lastModified,
    version: metadata.version,
  };
}
