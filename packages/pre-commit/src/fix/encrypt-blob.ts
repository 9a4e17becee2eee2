import {
  encrypt,
  formatOf,
  type KeyService,
  keyGroupsOf,
  matchCreationRule,
  parseSopsConfig,
  plainBinary,
  proveEncrypted,
  recordKeys,
  rfc3339Seconds,
  storeFor,
} from '@tidelock/core';
import { type GitPath, parentPath } from '@tidelock/git';
import { remoteKinds } from './local-keys.ts';

export interface Plaintext {
  readonly path: GitPath;
  readonly bytes: Uint8Array;
  /** The `.sops.yaml` that covers the file. */
  readonly config: { readonly path: GitPath; readonly bytes: Uint8Array };
}

export interface EncryptBlobOptions {
  readonly services: readonly KeyService[];
  readonly now: Date;
}

export type EncryptedBlob =
  | { readonly kind: 'encrypted'; readonly bytes: Uint8Array }
  /** In words, why not. */
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Encrypts a file by its creation rule and proves that it opens again, all in memory.
 * @throws TidelockError for what the core refuses: a file that does not parse, an unknown key
 */
export async function encryptBlob(
  { path, bytes, config }: Plaintext,
  { services, now }: EncryptBlobOptions,
): Promise<EncryptedBlob> {
  const folder = parentPath(config.path);
  const name = folder === '' ? path : path.slice(folder.length + 1);
  const rule = matchCreationRule(parseSopsConfig(config.bytes, config.path), name);
  if (rule === null) return { kind: 'refused', reason: 'no creation rule matches it' };
  const keyGroups = keyGroupsOf(rule, { createdAt: rfc3339Seconds(now) });
  if (keyGroups.length === 0 || keyGroups.some(({ keys }) => keys.length === 0)) {
    return { kind: 'refused', reason: 'its creation rule names no keys' };
  }
  const remote = remoteKinds(keyGroups);
  if (remote.length > 0) {
    const reason = `its creation rule needs ${remote.join(' and ')}, and a hook opens no network connection`;
    return { kind: 'refused', reason };
  }
  const format = formatOf(path);
  const keys = recordKeys(services);
  try {
    const plain = format === 'binary' ? plainBinary(bytes) : storeFor(format).parse(bytes);
    const encrypted = await encrypt(plain, {
      keyGroups,
      selection: format === 'binary' ? null : rule.selection,
      macOnlyEncrypted: format !== 'binary' && rule.macOnlyEncrypted === true,
      shamirThreshold: rule.shamirThreshold ?? 0,
      services: keys.services,
      now,
    });
    const result = storeFor(format).emit(encrypted);
    await proveEncrypted(result, format, keys);
    return { kind: 'encrypted', bytes: result };
  } finally {
    keys.clear();
  }
}
