import { zero } from '../bytes.ts';
import type { MasterKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { keyKindName } from '../keys/key-kinds.ts';
import { checkKey } from '../keys/key-spec.ts';
import type { KeyService } from '../keys/keyservice.ts';
import type { Environment } from '../ports.ts';
import { type AllowList, createAllowList } from './allow-list.ts';
import { KmsFailure } from './failure.ts';
import type { Connect } from './http.ts';
import { DEFAULT_RETRY, type RetryPolicy, withRetry } from './retry.ts';

export interface CloudOptions {
  readonly environment: Environment;
  readonly connect: Connect;
  /** From the environment alone unless given. */
  readonly allowList?: AllowList;
  readonly retry?: RetryPolicy;
  /** Of node's `https` module, for clients that make their own connections. */
  readonly httpsAgent?: () => Promise<object | undefined>;
  /** Of this machine: names the sessions of AWS roles. */
  readonly hostName?: string;
  /** Ctrl-C: the calls under way end, and no further one begins. */
  readonly cancel?: AbortSignal;
}

/** One kind of key service: single calls, which fail by KmsFailure and may be repeated. */
export interface CloudAdapter<K extends MasterKey> {
  readonly type: K['type'];
  /** The text sops stores as `enc`. */
  wrap(key: K, dataKey: Uint8Array, signal: AbortSignal): Promise<string>;
  unwrap(key: K, signal: AbortSignal): Promise<Uint8Array>;
}

/** The KeyService over an adapter: well-formed key, permitted service, retries, our own errors. */
export function cloudKeyService<K extends MasterKey>(
  adapter: CloudAdapter<K>,
  options: CloudOptions,
): KeyService {
  const run = cloudCalls(options);
  const isMine = (key: MasterKey): key is K => key.type === adapter.type;
  return {
    types: [adapter.type],
    async wrap(key, dataKey) {
      if (!isMine(key)) throw new TypeError(`not a ${adapter.type} key`);
      return run(key, 'ERR_KEY_WRAP', (signal) => adapter.wrap(key, dataKey, signal));
    },
    async unwrap(key) {
      if (!isMine(key)) return null;
      const dataKey = await run(key, 'ERR_KEY_UNWRAP', (signal) => adapter.unwrap(key, signal));
      if (dataKey.length === 32 || dataKey.length === 33) return dataKey;
      zero(dataKey);
      throw new TidelockError(
        'ERR_KEY_UNWRAP',
        `${keyKindName(key.type)} returned something that is not a data key`,
        { hint: 'Check that the server is the one that wrapped it.' },
      );
    },
  };
}

export type CloudCall = <T>(
  key: MasterKey,
  code: 'ERR_KEY_WRAP' | 'ERR_KEY_UNWRAP',
  call: (signal: AbortSignal) => Promise<T>,
) => Promise<T>;

/**
 * Runs calls under the one policy: nothing is sent for a malformed key or to a service that is not
 * permitted.
 * @throws TidelockError ERR_KEY_SPEC or the given code
 */
export function cloudCalls(options: CloudOptions): CloudCall {
  const allowList = options.allowList ?? createAllowList({ env: options.environment.env });
  const retry = options.retry ?? DEFAULT_RETRY;
  return async (key, code, call) => {
    checkKey(key);
    if (!allowList.permits(key)) throw notPermitted(key, code);
    try {
      return await withRetry(retry, call, options.cancel);
    } catch (error) {
      if (!(error instanceof KmsFailure)) throw error;
      throw new TidelockError(code, error.message, { hint: error.hint });
    }
  };
}

function notPermitted(key: MasterKey, code: 'ERR_KEY_WRAP' | 'ERR_KEY_UNWRAP'): TidelockError {
  return new TidelockError(
    code,
    `this ${keyKindName(key.type)} key is not on the allow-list: nothing was sent`,
    {
      hint: 'If the service is yours, name it in .sops.yaml or in TIDELOCK_KMS_ALLOWLIST (Vault: SOPS_HC_VAULT_ALLOWLIST too). In CI a pull request is judged by the .sops.yaml of its base branch, which has to be fetched.',
    },
  );
}
