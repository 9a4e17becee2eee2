import { createHash } from 'node:crypto';
import { zero } from '../bytes.ts';
import type { MasterKey } from '../document/metadata.ts';
import type { KeyService } from './keyservice.ts';

export interface RecordedKeys {
  /** The services given; what passes through them is remembered. */
  readonly services: readonly KeyService[];
  /**
   * Answers from memory alone: opens what was wrapped or unwrapped in this run, without identity and
   * without network. A file just made is proved with it before it replaces the old one.
   */
  readonly memory: KeyService;
  /** Overwrites what is remembered. */
  clear(): void;
}

/** Remembers data keys by the digest of their wrapped form for the length of one operation. */
export function recordKeys(services: readonly KeyService[]): RecordedKeys {
  const known = new Map<string, Uint8Array>();
  const remember = (enc: string, dataKey: Uint8Array) =>
    known.set(digestOf(enc), Uint8Array.from(dataKey));
  return {
    services: services.map((service) => recorded(service, remember)),
    memory: {
      types: [...new Set(services.flatMap((service) => service.types))],
      wrap: () => Promise.reject(new TypeError('this key service only remembers')),
      async unwrap(key) {
        const dataKey = known.get(digestOf(key.enc));
        return dataKey === undefined ? null : Uint8Array.from(dataKey);
      },
    },
    clear() {
      for (const dataKey of known.values()) zero(dataKey);
      known.clear();
    },
  };
}

function recorded(
  service: KeyService,
  remember: (enc: string, dataKey: Uint8Array) => void,
): KeyService {
  return {
    ...service,
    async wrap(key: MasterKey, dataKey: Uint8Array) {
      const enc = await service.wrap(key, dataKey);
      remember(enc, dataKey);
      return enc;
    },
    async unwrap(key: MasterKey) {
      const dataKey = await service.unwrap(key);
      if (dataKey !== null) remember(key.enc, dataKey);
      return dataKey;
    },
  };
}

function digestOf(enc: string): string {
  return createHash('sha256').update(enc.trim()).digest('base64');
}
