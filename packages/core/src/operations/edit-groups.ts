import { zero } from '../bytes.ts';
import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document } from '../document/document.ts';
import type { KeyGroup, Metadata } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { effectiveThreshold, wrapDataKey } from '../keys/resolve.ts';
import { writeMetadata } from '../metadata/write.ts';
import type { RandomBytes } from '../ports.ts';
import { fetchDataKey, type KeyAccess } from './decrypt.ts';
import { requireMetadata } from './require-metadata.ts';
import { stampKey } from './rotate.ts';

export interface EditGroupsOptions extends KeyAccess {
  /** `--shamir-secret-sharing-threshold`; the stored one is kept unless given. */
  readonly threshold?: number;
  readonly now: Date;
  readonly randomBytes?: RandomBytes;
}

/**
 * Appends a key group and splits the data key anew (SOPS-FORMAT 9.3).
 * @throws DataKeyError; TidelockError ERR_KEY_WRAP, ERR_SHAMIR, ERR_NO_KEYS for an empty group
 */
export function addGroup(
  document: Document,
  group: KeyGroup,
  options: EditGroupsOptions,
): Promise<Document> {
  const createdAt = rfc3339Seconds(options.now);
  const added = { keys: group.keys.map((key) => stampKey(key, createdAt)) };
  return withGroups(document, options, (groups) => [...groups, added]);
}

/**
 * Removes the group of that index, counted from 0 (SOPS-FORMAT 9.3).
 * @throws as `addGroup`; TidelockError ERR_NO_KEYS when there is no such group or it is the last
 */
export function deleteGroup(
  document: Document,
  index: number,
  options: EditGroupsOptions,
): Promise<Document> {
  return withGroups(document, options, (groups) => {
    if (groups[index] === undefined) throw noGroup(index, groups.length);
    return groups.toSpliced(index, 1);
  });
}

async function withGroups(
  document: Document,
  options: EditGroupsOptions,
  edit: (groups: readonly KeyGroup[]) => readonly KeyGroup[],
): Promise<Document> {
  const metadata = requireMetadata(document);
  const wanted = edit(metadata.keyGroups);
  const shamirThreshold = thresholdFor(metadata, wanted.length, options.threshold);
  const dataKey = await fetchDataKey(metadata, { decryptionOrder: [], ...options });
  try {
    const keyGroups = await wrapDataKey(wanted, dataKey, {
      services: options.services,
      threshold: shamirThreshold,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.randomBytes === undefined ? {} : { randomBytes: options.randomBytes }),
    });
    return { ...document, block: writeMetadata({ ...metadata, keyGroups, shamirThreshold }) };
  } finally {
    zero(dataKey);
  }
}

function thresholdFor(metadata: Metadata, groupCount: number, asked: number | undefined): number {
  const threshold = effectiveThreshold(groupCount, asked ?? metadata.shamirThreshold);
  if (threshold <= groupCount || metadata.keyGroups.length <= groupCount) return threshold;
  throw new TidelockError(
    'ERR_SHAMIR',
    `removing this group would leave ${groupCount} of the ${threshold} key groups that are needed`,
    { hint: 'Lower the threshold in the same step: --shamir-secret-sharing-threshold N.' },
  );
}

function noGroup(index: number, count: number): TidelockError {
  return new TidelockError('ERR_NO_KEYS', `there is no key group ${index}`, {
    hint: `The file has ${count} key groups, counted from 0.`,
  });
}
