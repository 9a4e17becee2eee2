import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { zero } from '../bytes.ts';
import { combineShares, splitSecret } from '../cipher/shamir.ts';
import { type KeyGroup, type MasterKey, masterKeyId } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';
import { DataKeyError, type GroupAttempts, type KeyAttempt } from './data-key-error.ts';
import { DEFAULT_DECRYPTION_ORDER, inDecryptionOrder } from './decryption-order.ts';
import { isLocal, keyKindName } from './key-kinds.ts';
import type { KeyService } from './keyservice.ts';
import { createLimiter, type Limiter } from './limiter.ts';

const CONCURRENCY = 16;
const DATA_KEY_BYTES = 32;

interface ServiceOptions {
  /** Asked in order, each for the kinds it names; null means the next one. */
  readonly services: readonly KeyService[];
  /** Calls at once (16 unless given), or the limiter that several files share. */
  readonly concurrency?: number | Limiter;
}

export interface UnwrapOptions extends ServiceOptions {
  /** `shamir_threshold` of the file; 0 when not stored. */
  readonly threshold: number;
  /** From `parseDecryptionOrder`; age and pgp first unless given. [] is the order of the file. */
  readonly order?: readonly string[];
  /** Told of every key that was tried; `reasons` is empty when it opened. */
  readonly onAttempt?: (attempt: KeyAttempt) => void;
}

export interface WrapOptions extends ServiceOptions {
  /** 0: as many as there are groups. Means nothing for one group. */
  readonly threshold: number;
  /** Set on every key when given; else each keeps its own. RFC 3339, whole seconds, UTC. */
  readonly createdAt?: string;
  /** node's unless given. */
  readonly randomBytes?: RandomBytes;
}

/**
 * The data key of a file: the first key that opens in each group, the shares combined when there are
 * several groups (SOPS-FORMAT 6.5 and 7). Groups are tried side by side, the keys of one in order.
 * @throws DataKeyError with what was tried; TidelockError ERR_NO_KEYS, ERR_SHAMIR
 */
export async function unwrapDataKey(
  keyGroups: readonly KeyGroup[],
  options: UnwrapOptions,
): Promise<Uint8Array> {
  requireKeys(keyGroups);
  const limiter = limiterOf(options);
  const groups = await Promise.all(keyGroups.map((group) => unwrapGroup(group, options, limiter)));
  const parts = groups.flatMap(({ part }) => (part === null ? [] : [part]));
  const [first] = parts;
  if (keyGroups.length === 1 && first !== undefined) return requireLength(first);
  const needed = keyGroups.length === 1 ? 1 : Math.max(2, options.threshold);
  if (parts.length < needed) {
    parts.forEach(zero);
    throw new DataKeyError({ groups: groups.map(({ attempts }) => attempts), needed });
  }
  try {
    return requireLength(combineShares(parts));
  } finally {
    parts.forEach(zero);
  }
}

/**
 * The groups with the data key wrapped for every key anew, split by Shamir when there are several
 * (SOPS-FORMAT 7). All keys must succeed.
 * @throws TidelockError ERR_KEY_WRAP naming every key that failed; ERR_NO_KEYS, ERR_SHAMIR
 */
export async function wrapDataKey(
  keyGroups: readonly KeyGroup[],
  dataKey: Uint8Array,
  options: WrapOptions,
): Promise<readonly KeyGroup[]> {
  requireKeys(keyGroups);
  const limiter = limiterOf(options);
  const parts = splitDataKey(keyGroups.length, dataKey, options);
  const failures: TidelockError[] = [];
  const wrapOne = async (key: MasterKey, index: number): Promise<MasterKey> => {
    const part = { bytes: parts[index] ?? dataKey, group: index };
    try {
      const whole = await limiter(() => completed(key, options.services));
      const enc = await limiter(() => wrapWithServices(whole, part, options.services));
      return stamped(whole, enc, options.createdAt);
    } catch (error) {
      if (!(error instanceof TidelockError)) throw error;
      failures.push(error);
      return key;
    }
  };
  try {
    const groups = await Promise.all(
      keyGroups.map(async (group, index) => ({
        keys: await Promise.all(group.keys.map((key) => wrapOne(key, index))),
      })),
    );
    if (failures.length === 0) return groups;
  } finally {
    for (const part of parts) if (part !== dataKey) zero(part);
  }
  throw wrapFailure(failures);
}

/**
 * The groups with what the names of their keys leave open: nothing is asked for a key that is whole.
 * @throws TidelockError ERR_KEY_WRAP, ERR_KEY_SPEC
 */
export function completeKeys(
  keyGroups: readonly KeyGroup[],
  services: readonly KeyService[],
): Promise<readonly KeyGroup[]> {
  return Promise.all(
    keyGroups.map(async ({ keys }) => ({
      keys: await Promise.all(keys.map((key) => completed(key, services))),
    })),
  );
}

async function completed(key: MasterKey, services: readonly KeyService[]): Promise<MasterKey> {
  const service = services.find(({ types, complete }) => complete && types.includes(key.type));
  try {
    return (await service?.complete?.(key)) ?? key;
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const message = `the current version of "${masterKeyId(key)}" cannot be found: ${error.message}`;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new TidelockError(error.code, message, hint);
  }
}

/** The threshold to store: 0 becomes the number of groups when there are several (SOPS-FORMAT 7). */
export function effectiveThreshold(groupCount: number, threshold: number): number {
  return groupCount > 1 && threshold === 0 ? groupCount : threshold;
}

interface GroupResult {
  readonly part: Uint8Array | null;
  readonly attempts: GroupAttempts;
}

async function unwrapGroup(
  group: KeyGroup,
  options: UnwrapOptions,
  limiter: Limiter,
): Promise<GroupResult> {
  const failed: KeyAttempt[] = [];
  for (const key of inDecryptionOrder(group.keys, options.order ?? DEFAULT_DECRYPTION_ORDER)) {
    const reasons: string[] = [];
    const part = await limiter(() => unwrapWithServices(key, options.services, reasons));
    options.onAttempt?.({ id: masterKeyId(key), reasons: part === null ? reasons : [] });
    if (part !== null) return { part, attempts: { success: true, keys: failed } };
    failed.push({ id: masterKeyId(key), reasons });
  }
  return { part: null, attempts: { success: false, keys: failed } };
}

async function unwrapWithServices(
  key: MasterKey,
  services: readonly KeyService[],
  reasons: string[],
): Promise<Uint8Array | null> {
  const able = services.filter((service) => service.types.includes(key.type));
  for (const service of able) {
    try {
      const part = await service.unwrap(key);
      if (part !== null) return part;
      reasons.push(`nothing here opens this ${keyKindName(key.type)} key`);
    } catch (error) {
      reasons.push(isLocal(key) ? reasonOf(error) : reasonAndHintOf(error));
    }
  }
  if (able.length === 0) reasons.push(`no key service for ${keyKindName(key.type)} keys`);
  return null;
}

async function wrapWithServices(
  key: MasterKey,
  part: { readonly bytes: Uint8Array; readonly group: number },
  services: readonly KeyService[],
): Promise<string> {
  const problems: string[] = [];
  let hint = 'Check the key and the credentials for it.';
  for (const service of services) {
    if (!service.types.includes(key.type)) continue;
    try {
      return await service.wrap(key, part.bytes);
    } catch (error) {
      problems.push(reasonOf(error));
      if (error instanceof TidelockError) hint = error.hint ?? hint;
    }
  }
  if (problems.length === 0) problems.push(`no key service for ${keyKindName(key.type)} keys`);
  const message = `failed to encrypt new data key with master key "${masterKeyId(key)}" of group ${part.group}: ${problems.join('; ')}`;
  throw new TidelockError('ERR_KEY_WRAP', message, { hint });
}

/** Of local keys the report lists all places looked at; a service needs one thing to be done now. */
function reasonAndHintOf(error: unknown): string {
  const hint = error instanceof TidelockError ? error.hint : undefined;
  return hint === undefined ? reasonOf(error) : `${reasonOf(error)}\n${hint}`;
}

/** Messages of errors that are not ours may hold anything, so only their name is repeated. */
function reasonOf(error: unknown): string {
  if (error instanceof TidelockError) return error.message;
  return `the key service failed (${error instanceof Error ? error.name : 'unknown error'})`;
}

function splitDataKey(
  groupCount: number,
  dataKey: Uint8Array,
  options: WrapOptions,
): readonly Uint8Array[] {
  if (groupCount === 1) return [dataKey];
  const threshold = effectiveThreshold(groupCount, options.threshold);
  const wrong =
    threshold < 2
      ? 'threshold must be at least 2'
      : threshold > groupCount
        ? 'parts cannot be less than threshold'
        : groupCount > 255
          ? 'parts cannot exceed 255'
          : null;
  if (wrong !== null) {
    throw new TidelockError('ERR_SHAMIR', `The Shamir threshold does not fit: ${wrong}`, {
      hint: `Set shamir_threshold between 2 and the number of key groups (${groupCount}).`,
    });
  }
  return splitSecret(dataKey, groupCount, threshold, options.randomBytes ?? nodeRandomBytes);
}

function stamped(key: MasterKey, enc: string, createdAt: string | undefined): MasterKey {
  if (key.type === 'age' || createdAt === undefined) return { ...key, enc };
  return { ...key, enc, createdAt };
}

function requireLength(dataKey: Uint8Array): Uint8Array {
  if (dataKey.length === DATA_KEY_BYTES) return dataKey;
  throw new TidelockError(
    'ERR_KEY_UNWRAP',
    `The data key has ${dataKey.length} bytes where ${DATA_KEY_BYTES} are needed`,
    { hint: 'Restore the sops block from a commit in which the file could still be decrypted.' },
  );
}

function requireKeys(keyGroups: readonly KeyGroup[]): void {
  if (keyGroups.length > 0 && keyGroups.every((group) => group.keys.length > 0)) return;
  throw new TidelockError('ERR_NO_KEYS', 'empty key group provided', {
    hint: 'Every key group needs at least one key; name one in .sops.yaml or on the command line.',
  });
}

function limiterOf({ concurrency = CONCURRENCY }: ServiceOptions): Limiter {
  return typeof concurrency === 'function' ? concurrency : createLimiter(concurrency);
}

function wrapFailure(failures: readonly TidelockError[]): TidelockError {
  const messages = [...failures.map((failure) => failure.message)].sort().join('; ');
  const [first] = failures;
  return new TidelockError('ERR_KEY_WRAP', `Could not generate data key: [${messages}]`, {
    hint: first?.hint ?? 'Check the keys and the credentials for them.',
  });
}
