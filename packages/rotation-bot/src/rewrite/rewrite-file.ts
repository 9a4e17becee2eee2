import {
  type Clock,
  type Document,
  decrypt,
  type KeyService,
  type Limiter,
  type OpenedDocument,
  type RandomBytes,
  type RecordedKeys,
  recordKeys,
  rfc3339Seconds,
  rotateOpened,
  stampKey,
  storeFor,
  wrapDataKey,
  writeMetadata,
  zero,
} from '@tidelock/core';
import type { Access, PlannedFile } from '../plan/plan.ts';
import { accessOf, keyGroupsOfAccess } from '../plan/planned-key.ts';
import { leftOutReason } from './left-out-reason.ts';
import { bringsNewDataKey } from './prove-form.ts';
import { proveRewrite } from './prove-rewrite.ts';
import { refuse, sameAccess } from './refusal.ts';
import type { Rewritten } from './rewritten.ts';

export interface RewriteOptions {
  readonly services: readonly KeyService[];
  readonly clock: Clock;
  /** Shared by all files of a run. */
  readonly limiter?: Limiter;
  readonly randomBytes?: RandomBytes;
}

/**
 * Rewrites one file in memory as planned and proves the result. Never throws for what the file holds
 * or a key service answers: such a file is left out with the reason.
 * @param bytes of the file at the plan's base
 */
export async function rewriteFile(
  bytes: Uint8Array,
  file: PlannedFile,
  options: RewriteOptions,
): Promise<Rewritten> {
  const keys = recordKeys(options.services);
  try {
    return { kind: 'rewritten', bytes: await rewrite(bytes, file, { ...options, keys }) };
  } catch (error) {
    return { kind: 'left-out', reason: leftOutReason(error, file) };
  } finally {
    keys.clear();
  }
}

interface Rewriting extends RewriteOptions {
  readonly keys: RecordedKeys;
}

async function rewrite(
  bytes: Uint8Array,
  file: PlannedFile,
  options: Rewriting,
): Promise<Uint8Array> {
  const store = storeFor(file.format);
  const source = store.parse(bytes);
  const opened = await decrypt(source, {
    services: options.keys.services,
    ...concurrencyOf(options),
  });
  try {
    if (!sameAccess(accessOf(opened.metadata, null), file.before))
      throw refuse('the file is no longer what was planned', 'Make the plan anew.');
    const bytesAfter = store.emit(await change(opened, file, options));
    await proveRewrite(opened, bytesAfter, { file, services: [options.keys.memory] });
    return bytesAfter;
  } finally {
    zero(opened.dataKey);
  }
}

function concurrencyOf({ limiter }: RewriteOptions) {
  return limiter === undefined ? {} : { concurrency: limiter };
}

async function change(
  opened: OpenedDocument,
  file: PlannedFile,
  options: Rewriting,
): Promise<Document> {
  const now = options.clock.now();
  const createdAt = rfc3339Seconds(now);
  const keyGroups = keyGroupsOfAccess(file.after).map(({ keys }) => ({
    keys: keys.map((key) => stampKey(key, createdAt)),
  }));
  const threshold = storedThreshold(file.after);
  const { randomBytes } = options;
  const common = {
    keyGroups,
    threshold,
    now,
    services: options.keys.services,
    ...concurrencyOf(options),
    ...(randomBytes === undefined ? {} : { randomBytes }),
  };
  const { selection, macOnlyEncrypted } = file.after;
  if (bringsNewDataKey(file))
    return rotateOpened(opened, { ...common, selection, macOnlyEncrypted, keepsForms: true });
  const wrapped = await wrapDataKey(keyGroups, opened.dataKey, common);
  const block = writeMetadata({
    ...opened.metadata,
    keyGroups: wrapped,
    shamirThreshold: threshold,
  });
  return { ...opened.source, block };
}

/** With one group there is nothing to agree on. */
const storedThreshold = ({ keyGroups, threshold }: Access) =>
  keyGroups.length > 1 ? threshold : 0;
