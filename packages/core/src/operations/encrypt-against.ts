import { zero } from '../bytes.ts';
import { rfc3339Seconds } from '../cipher/rfc3339.ts';
import type { Document } from '../document/document.ts';
import type { Metadata } from '../document/metadata.ts';
import { effectiveThreshold, wrapDataKey } from '../keys/resolve.ts';
import { selectionOf } from '../metadata/read.ts';
import { writeMetadata } from '../metadata/write.ts';
import { type DecryptOptions, decrypt } from './decrypt.ts';
import { type EncryptOptions, encrypt, type Recipe, selectionFor } from './encrypt.ts';
import { type OpenedDocument, sealMac } from './opened-document.ts';
import { type CheckLabel, type KeyUpdatePlan, planKeyUpdate } from './plan-key-update.ts';
import { requirePlain } from './require-metadata.ts';
import { sealTree } from './seal-tree.ts';

export interface EncryptAgainstOptions
  extends EncryptOptions,
    Pick<DecryptOptions, 'decryptionOrder'> {
  readonly checkLabel?: CheckLabel;
}

/** Why nothing of the earlier file could be kept. */
export type NewDataKeyReason =
  | 'recipient-removed'
  | 'threshold-raised'
  | 'groups-changed'
  | 'selection-changed'
  | 'hidden-recipient';

export interface EncryptedAgainst {
  readonly document: Document;
  /** `unchanged`: values, MAC, `lastmodified` and keys are those of the earlier file. */
  readonly outcome: 'unchanged' | 'updated' | 'new-data-key';
  /** Empty unless a new data key was made. */
  readonly reasons: readonly NewDataKeyReason[];
}

/**
 * Encrypts a plain document so that it differs as little as possible from an earlier encrypted one,
 * whose MAC is verified first: data key kept, token kept for equal path, type and value. Whoever left
 * the recipients, or a changed selection, means a new data key.
 * @throws as `decrypt` of the earlier file and `encrypt` of the plain one
 */
export async function encryptAgainst(
  plain: Document,
  earlier: Document,
  options: EncryptAgainstOptions,
): Promise<EncryptedAgainst> {
  requirePlain(plain);
  const opened = await decrypt(earlier, { ...options, ignoreMac: false });
  try {
    const recipe = { ...options, ...selectionFor(plain, options) };
    const plan = planKeyUpdate(opened.metadata, options.keyGroups, options.checkLabel);
    const reasons = newDataKeyReasons(opened.metadata, recipe, plan);
    if (reasons.length > 0) {
      const document = await encrypt(plain, options);
      return { document, outcome: 'new-data-key', reasons };
    }
    const metadata = await updatedMetadata(opened, plan, options);
    return { ...sealAgainst(plain, opened, { metadata, now: options.now }), reasons };
  } finally {
    zero(opened.dataKey);
  }
}

function newDataKeyReasons(
  metadata: Metadata,
  recipe: Recipe,
  plan: KeyUpdatePlan,
): readonly NewDataKeyReason[] {
  const reasons: NewDataKeyReason[] = [];
  const had = metadata.keyGroups.length;
  const wanted = recipe.keyGroups.length;
  if (plan.groups.some(({ removed }) => removed.length > 0)) reasons.push('recipient-removed');
  if (had !== wanted) reasons.push('groups-changed');
  else if (had > 1 && wantedThreshold(recipe) > thresholdOf(metadata)) {
    reasons.push('threshold-raised');
  }
  if (!sameSelection(metadata, recipe)) reasons.push('selection-changed');
  if (plan.mislabelled.length > 0) reasons.push('hidden-recipient');
  return reasons;
}

function wantedThreshold({ keyGroups, shamirThreshold }: Recipe): number {
  return effectiveThreshold(keyGroups.length, shamirThreshold);
}

/** A file without a threshold opens with any two of its groups. */
function thresholdOf({ shamirThreshold }: Metadata): number {
  return Math.max(2, shamirThreshold);
}

function sameSelection(metadata: Metadata, recipe: Recipe): boolean {
  const stored = selectionOf(metadata);
  const wanted = selectionOf({ ...metadata, selection: recipe.selection });
  return (
    stored.rule === wanted.rule &&
    stored.value === wanted.value &&
    metadata.macOnlyEncrypted === recipe.macOnlyEncrypted
  );
}

async function updatedMetadata(
  opened: OpenedDocument,
  plan: KeyUpdatePlan,
  options: EncryptAgainstOptions,
): Promise<Metadata> {
  const { metadata } = opened;
  const shamirThreshold = wantedThreshold(options);
  const added = plan.groups.some((group) => group.added.length > 0);
  if (!added && shamirThreshold === metadata.shamirThreshold) return metadata;
  const keyGroups = await wrapDataKey(options.keyGroups, opened.dataKey, {
    services: options.services,
    threshold: shamirThreshold,
    createdAt: rfc3339Seconds(options.now),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    ...(options.randomBytes === undefined ? {} : { randomBytes: options.randomBytes }),
  });
  return { ...metadata, keyGroups, shamirThreshold };
}

/** MAC and time stay when every token is the earlier file's and the MAC comes out the same. */
function sealAgainst(
  plain: Document,
  opened: OpenedDocument,
  { metadata, now }: { readonly metadata: Metadata; readonly now: Date },
): Pick<EncryptedAgainst, 'document' | 'outcome'> {
  const { cipher, originals, unreadable } = opened;
  const { selection, macOnlyEncrypted } = metadata;
  const tree = sealTree(plain.branches, {
    cipher,
    originals,
    unreadable,
    selection,
    macOnlyEncrypted,
  });
  const sealed = { ...plain, branches: tree.branches };
  if (tree.fresh === 0 && tree.mac === opened.mac) {
    const outcome = metadata === opened.metadata ? 'unchanged' : 'updated';
    return { document: { ...sealed, block: writeMetadata(metadata) }, outcome };
  }
  const lastModified = rfc3339Seconds(now);
  const mac = sealMac(cipher, tree.mac, lastModified);
  const block = writeMetadata({ ...metadata, mac, lastModified });
  return { document: { ...sealed, block }, outcome: 'updated' };
}
