import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { zero } from '../bytes.ts';
import { createCipher } from '../cipher/cipher.ts';
import { newDataKey } from '../cipher/data-key.ts';
import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document } from '../document/document.ts';
import { DEFAULT_SELECTION, type KeyGroup, type Selection } from '../document/metadata.ts';
import { effectiveThreshold, wrapDataKey } from '../keys/resolve.ts';
import { SOPS_VERSION } from '../metadata/version.ts';
import { writeMetadata } from '../metadata/write.ts';
import type { RandomBytes } from '../ports.ts';
import type { KeyAccess } from './decrypt.ts';
import { sealMac } from './opened-document.ts';
import { requirePlain } from './require-metadata.ts';
import { sealTree } from './seal-tree.ts';
import type { OnWarning } from './warning.ts';

/** What a creation rule or the command line says of a file to be. */
export interface Recipe {
  readonly keyGroups: readonly KeyGroup[];
  /** null: sops' default, `unencrypted_suffix: _unencrypted`. */
  readonly selection: Selection | null;
  readonly macOnlyEncrypted: boolean;
  /** 0: as many as there are groups. */
  readonly shamirThreshold: number;
}

export interface EncryptOptions extends KeyAccess, Recipe {
  readonly now: Date;
  readonly randomBytes?: RandomBytes;
  readonly onWarning?: OnWarning;
}

/**
 * Encrypts a plain document under a new data key (SOPS-FORMAT 0 and 11).
 * @throws TidelockError ERR_ALREADY_ENCRYPTED, ERR_EMPTY_DOCUMENT, ERR_KEY_WRAP, ERR_NO_KEYS,
 *   ERR_SHAMIR, ERR_REGEX, ERR_COMMENT_SELECTION
 */
export async function encrypt(document: Document, options: EncryptOptions): Promise<Document> {
  requirePlain(document);
  const randomBytes = options.randomBytes ?? nodeRandomBytes;
  const { selection, macOnlyEncrypted } = selectionFor(document, options);
  const dataKey = newDataKey(randomBytes);
  try {
    const lastModified = rfc3339Seconds(options.now);
    const { services, concurrency, shamirThreshold } = options;
    const keyGroups = await wrapDataKey(options.keyGroups, dataKey, {
      services,
      threshold: shamirThreshold,
      createdAt: lastModified,
      randomBytes,
      ...(concurrency === undefined ? {} : { concurrency }),
    });
    const cipher = createCipher(dataKey, { randomBytes });
    const tree = sealTree(document.branches, { cipher, selection, macOnlyEncrypted });
    const block = writeMetadata({
      keyGroups,
      shamirThreshold: effectiveThreshold(keyGroups.length, shamirThreshold),
      lastModified,
      mac: sealMac(cipher, tree.mac, lastModified),
      version: SOPS_VERSION,
      selection,
      macOnlyEncrypted,
    });
    return { ...document, branches: tree.branches, block };
  } finally {
    zero(dataKey);
  }
}

/** A binary file has one leaf and no rule (SOPS-FORMAT 3). */
export function selectionFor(
  document: Document,
  options: Pick<EncryptOptions, 'selection' | 'macOnlyEncrypted' | 'onWarning'>,
): Pick<Recipe, 'selection' | 'macOnlyEncrypted'> {
  const { selection, macOnlyEncrypted, onWarning } = options;
  if (document.format !== 'binary') {
    return { selection: selection ?? DEFAULT_SELECTION, macOnlyEncrypted };
  }
  if (selection !== null || macOnlyEncrypted) {
    onWarning?.({
      code: 'binary-selection-dropped',
      message: 'a binary file is encrypted as a whole: selection rules do not apply to it',
    });
  }
  return { selection: null, macOnlyEncrypted: false };
}
