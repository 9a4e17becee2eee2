import { createHash } from 'node:crypto';
import { zero } from '../bytes.ts';
import { type MasterKey, masterKeyId } from '../document/metadata.ts';
import type { KeyService } from './keyservice.ts';

export interface CachedKeyService extends KeyService {
  /** Overwrites and drops every data key it holds. */
  clear(): void;
}

/**
 * Asks the service once for each wrapped key, however many files share it. The keys of the cache are
 * digests of kind, name and wrapped bytes: a file that names another key for the same bytes gets no
 * answer from here. Failures are not kept. Callers get copies, which they may overwrite.
 */
export function cachedKeyService(service: KeyService): CachedKeyService {
  const known = new Map<string, Promise<Uint8Array | null>>();
  const completed = new Map<string, Promise<MasterKey>>();
  const complete = (key: MasterKey): Promise<MasterKey> => {
    const id = masterKeyId(key);
    const answer = completed.get(id) ?? service.complete?.(key) ?? Promise.resolve(key);
    completed.set(id, answer);
    answer.catch(() => completed.delete(id));
    return answer;
  };
  const ask = (key: MasterKey): Promise<Uint8Array | null> => {
    const digest = digestOf(key);
    const cached = known.get(digest);
    if (cached !== undefined) return cached;
    const answer = service.unwrap(key);
    known.set(digest, answer);
    answer.catch(() => known.delete(digest));
    return answer;
  };
  return {
    types: service.types,
    ...(service.complete === undefined ? {} : { complete }),
    wrap: (key, dataKey) => service.wrap(key, dataKey),
    unwrap: async (key) => {
      const dataKey = await ask(key);
      return dataKey === null ? null : Uint8Array.from(dataKey);
    },
    clear: () => {
      for (const answer of known.values()) {
        answer.then(
          (dataKey) => dataKey !== null && zero(dataKey),
          () => undefined,
        );
      }
      known.clear();
    },
  };
}

function digestOf(key: MasterKey): string {
  const identity = JSON.stringify([key.type, masterKeyId(key), key.enc]);
  return createHash('sha256').update(identity).digest('base64');
}
