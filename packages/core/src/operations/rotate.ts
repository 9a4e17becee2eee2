import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { zero } from '../bytes.ts';
import { newDataKey } from '../cipher/data-key.ts';
import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document } from '../document/document.ts';
import {
  type KeyGroup,
  type MasterKey,
  masterKeyId,
  type Selection,
} from '../document/metadata.ts';
import { wrapDataKey } from '../keys/resolve.ts';
import { writeMetadata } from '../metadata/write.ts';
import type { RandomBytes } from '../ports.ts';
import { type DecryptOptions, decrypt, type KeyAccess } from './decrypt.ts';
import { type OpenedDocument, sealMac } from './opened-document.ts';
import { sealTree } from './seal-tree.ts';

export interface RotateOptions extends DecryptOptions {
  readonly now: Date;
  /** Go into the first group; their `createdAt` becomes `now`. */
  readonly addKeys?: readonly MasterKey[];
  /** Leave every group, by kind and id string. */
  readonly removeKeys?: readonly MasterKey[];
}

/**
 * Encrypts everything anew under a new data key, with the same IV for the same value at the same path
 * (SOPS-FORMAT 9.3). The MAC is checked first.
 * @throws as `decrypt`; TidelockError ERR_KEY_WRAP, ERR_SHAMIR, ERR_NO_KEYS when a group loses its
 *   last key
 */
export async function rotate(document: Document, options: RotateOptions): Promise<Document> {
  const opened = await decrypt(document, options);
  const { keyGroups, shamirThreshold } = opened.metadata;
  try {
    return await rotateOpened(opened, {
      ...options,
      keyGroups: editGroups(keyGroups, rfc3339Seconds(options.now), options),
      threshold: shamirThreshold,
    });
  } finally {
    zero(opened.dataKey);
  }
}

export interface RotateOpenedOptions extends KeyAccess {
  readonly now: Date;
  /** Who opens the file from now on; each key keeps its `createdAt`. */
  readonly keyGroups: readonly KeyGroup[];
  /** To be stored; 0 for one group. */
  readonly threshold: number;
  /** Another selection rule than the file's. */
  readonly selection?: Selection | null;
  readonly macOnlyEncrypted?: boolean;
  /** Comments that stand as list elements, as sops writes them, stay elements. */
  readonly keepsForms?: boolean;
  readonly randomBytes?: RandomBytes;
}

/**
 * `rotate` of a document that is open already, for key groups and a selection rule that may be others
 * than before.
 * @throws TidelockError ERR_KEY_WRAP, ERR_SHAMIR, ERR_NO_KEYS
 */
export async function rotateOpened(
  opened: OpenedDocument,
  options: RotateOpenedOptions,
): Promise<Document> {
  const dataKey = newDataKey(options.randomBytes ?? nodeRandomBytes);
  try {
    return await sealAnew(opened, dataKey, options);
  } finally {
    zero(dataKey);
  }
}

async function sealAnew(
  opened: OpenedDocument,
  dataKey: Uint8Array,
  options: RotateOpenedOptions,
): Promise<Document> {
  const { metadata } = opened;
  const { services, concurrency, randomBytes, threshold } = options;
  const { selection = metadata.selection, macOnlyEncrypted = metadata.macOnlyEncrypted } = options;
  const lastModified = rfc3339Seconds(options.now);
  const keyGroups = await wrapDataKey(options.keyGroups, dataKey, {
    services,
    threshold,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(randomBytes === undefined ? {} : { randomBytes }),
  });
  const cipher = opened.cipher.withKey(dataKey);
  const tree = sealTree(opened.document.branches, {
    cipher,
    unreadable: opened.unreadable,
    selection,
    macOnlyEncrypted,
    ...(options.keepsForms === true ? { forms: opened.originals } : {}),
  });
  const mac = sealMac(cipher, tree.mac, lastModified);
  const block = writeMetadata({
    ...metadata,
    keyGroups,
    shamirThreshold: threshold,
    lastModified,
    mac,
    selection,
    macOnlyEncrypted,
  });
  return { ...opened.source, branches: tree.branches, block };
}

function editGroups(
  groups: readonly KeyGroup[],
  createdAt: string,
  { addKeys = [], removeKeys = [] }: RotateOptions,
): readonly KeyGroup[] {
  const removed = new Set(removeKeys.map(nameOf));
  return groups.map((group, i) => {
    const present = new Set(group.keys.map(nameOf));
    const added = i === 0 ? addKeys.filter((key) => !present.has(nameOf(key))) : [];
    const keys = [...group.keys, ...added.map((key) => stampKey(key, createdAt))];
    return { keys: keys.filter((key) => !removed.has(nameOf(key))) };
  });
}

/** The key as made at a time; age keys carry none. */
export function stampKey(key: MasterKey, createdAt: string): MasterKey {
  return key.type === 'age' ? key : { ...key, createdAt };
}

function nameOf(key: MasterKey): string {
  return `${key.type} ${masterKeyId(key)}`;
}
