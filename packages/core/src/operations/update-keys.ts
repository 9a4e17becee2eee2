import { zero } from '../bytes.ts';
import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document } from '../document/document.ts';
import type { KeyGroup } from '../document/metadata.ts';
import { wrapDataKey } from '../keys/resolve.ts';
import { writeMetadata } from '../metadata/write.ts';
import type { RandomBytes } from '../ports.ts';
import { fetchDataKey, type KeyAccess } from './decrypt.ts';
import { type CheckLabel, type KeyUpdatePlan, planKeyUpdate } from './plan-key-update.ts';
import { requireMetadata } from './require-metadata.ts';

export interface UpdateKeysOptions extends KeyAccess {
  readonly wantedGroups: readonly KeyGroup[];
  readonly now: Date;
  readonly randomBytes?: RandomBytes;
  readonly checkLabel?: CheckLabel;
}

export interface UpdatedKeys {
  /** The very document that was given when it is up to date. */
  readonly document: Document;
  readonly plan: KeyUpdatePlan;
}

/**
 * Wraps the data key for the wanted groups; values, MAC and `lastmodified` stay (SOPS-FORMAT 9.3).
 * Every wrapped key is made anew, also those that stay. The data key is not: who is removed could
 * have kept it, so `rotate` has to follow.
 * @throws DataKeyError; TidelockError ERR_NOT_ENCRYPTED, ERR_METADATA, ERR_KEY_WRAP, ERR_SHAMIR
 */
export async function updateKeys(
  document: Document,
  options: UpdateKeysOptions,
): Promise<UpdatedKeys> {
  const metadata = requireMetadata(document);
  const plan = planKeyUpdate(metadata, options.wantedGroups, options.checkLabel);
  if (plan.upToDate) return { document, plan };
  const dataKey = await fetchDataKey(metadata, { decryptionOrder: [], ...options });
  try {
    const keyGroups = await wrapDataKey(options.wantedGroups, dataKey, {
      services: options.services,
      threshold: plan.threshold.after,
      createdAt: rfc3339Seconds(options.now),
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
      ...(options.randomBytes === undefined ? {} : { randomBytes: options.randomBytes }),
    });
    const shamirThreshold = plan.threshold.after;
    const block = writeMetadata({ ...metadata, keyGroups, shamirThreshold });
    return { document: { ...document, block }, plan };
  } finally {
    zero(dataKey);
  }
}
