import {
  type AllowList,
  type Connect,
  createLimiter,
  DEFAULT_RETRY,
  type Environment,
  withRetry,
} from '@tidelock/core';
import { decodeValue } from './decode-value.ts';
import { fieldsOf, jsonObject, propertyOf } from './json-value.ts';
import { applyTemplate } from './read-template.ts';
import {
  type Conversion,
  LeftToHand,
  type Need,
  type Remote,
  type RemoteSecret,
  type RemoteStore,
} from './remote-secret.ts';
import type { StoreReader } from './store-reader.ts';
import type { VaultAddresses } from './vault-place.ts';

export interface FetchContext {
  readonly environment: Environment;
  readonly connect: Connect;
  readonly allowList: AllowList;
  readonly addresses: VaultAddresses;
  /** For AWS' clients; undefined without a proxy. */
  readonly httpsAgent: () => Promise<object | undefined>;
  readonly cancel: AbortSignal;
}

export type Values = ReadonlyMap<string, Uint8Array>;
const AT_ONCE = 8;

/**
 * Reads what Secrets need, each remote secret once, with retries as key services do.
 * @throws KmsFailure, LeftToHand from the returned function
 */
export function createFetch(context: FetchContext): (secret: RemoteSecret) => Promise<Values> {
  const limit = createLimiter(AT_ONCE);
  const known = new Map<string, Promise<Uint8Array>>();
  const readers = new Map<RemoteStore['kind'], Promise<StoreReader>>();
  const readerFor = (kind: RemoteStore['kind']) => {
    const reader = readers.get(kind) ?? openReader(kind, context);
    readers.set(kind, reader);
    return reader;
  };
  const call = <T>(
    kind: RemoteStore['kind'],
    work: (reader: StoreReader, signal: AbortSignal) => Promise<T>,
  ) =>
    limit(async () => {
      const reader = await readerFor(kind);
      return withRetry(DEFAULT_RETRY, (signal) => work(reader, signal), context.cancel);
    });
  const read = (remote: Remote): Promise<Uint8Array> => {
    const id = JSON.stringify([remote.store, remote.key, remote.version]);
    const value =
      known.get(id) ?? call(remote.store.kind, (one, signal) => one.read(remote, signal));
    known.set(id, value);
    return value;
  };
  const valuesOf = async (need: Need): Promise<Iterable<readonly [string, Uint8Array]>> => {
    if (need.kind === 'find') {
      const { store, decoding, conversion } = need;
      const keys = await call(store.kind, (one, signal) => one.list(need, signal));
      const found = keys.map(async (key) => {
        const bytes = await read({ store, key, property: null, version: null });
        return [key, decodeValue(bytes, decoding, key)] as const;
      });
      return converted(new Map(await Promise.all(found)), conversion);
    }
    const { remote, decoding } = need;
    const bytes = await read(remote);
    const what = remote.key;
    if (need.kind === 'value') {
      if (remote.property === null) return [[need.secretKey, decodeValue(bytes, decoding, what)]];
      const value = propertyOf(requireObject(bytes, what), remote.property, what);
      return [[need.secretKey, decodeValue(value, decoding, `${remote.property} of ${what}`)]];
    }
    const whole =
      remote.property === null
        ? bytes
        : propertyOf(requireObject(bytes, what), remote.property, what);
    const fields = [...fieldsOf(requireObject(whole, what), what)].map(
      ([key, value]) => [key, decodeValue(value, decoding, `${key} of ${what}`)] as const,
    );
    return converted(new Map(fields), need.conversion);
  };
  return async (secret) => {
    const parts = await Promise.all(secret.needs.map(valuesOf));
    return applyTemplate(secret, new Map(parts.flatMap((part) => [...part])));
  };
}

async function openReader(kind: RemoteStore['kind'], context: FetchContext): Promise<StoreReader> {
  if (kind === 'vault') return (await import('./vault-reader.ts')).vaultReader(context);
  const { secretsManagerReader } = await import('./secrets-manager-reader.ts');
  return secretsManagerReader(context.allowList, await context.httpsAgent());
}

function requireObject(bytes: Uint8Array, what: string) {
  const object = jsonObject(bytes);
  if (object === null) throw new LeftToHand(`${what} is no JSON object, so it has no properties`);
  return object;
}

/** Characters that no key of a Secret may have are replaced. @throws LeftToHand where two become one */
function converted(values: Values, conversion: Conversion): Values {
  const keys = new Map(
    [...values].map(([key, value]) => [convert(key, conversion), value] as const),
  );
  if (keys.size === values.size) return keys;
  throw new LeftToHand('two of its keys become one when their characters are replaced');
}

function convert(key: string, conversion: Conversion): string {
  if (conversion === 'None') return key;
  return key.replace(/[^-._a-zA-Z0-9]/gu, (character) =>
    conversion === 'Default'
      ? '_'
      : `_U${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}_`,
  );
}
