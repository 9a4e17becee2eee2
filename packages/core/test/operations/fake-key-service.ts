import type { HuaweiKmsKey, KeyGroup, MasterKey } from '../../src/document/metadata.ts';
import { TidelockError } from '../../src/errors.ts';
import type { KeyService } from '../../src/keys/keyservice.ts';

/** A key of a kind that no offline check judges, so that any wrapped text will do. */
export function fakeKey(id: string): HuaweiKmsKey {
  return { type: 'hckms', keyId: id, enc: '', createdAt: '2020-01-01T00:00:00Z' };
}

export function groupOf(...ids: string[]): KeyGroup {
  return { keys: ids.map(fakeKey) };
}

/**
 * Wraps by writing the key's name and a running number before the bytes, and opens the keys it holds
 * alone. Nothing secret about it.
 */
export class FakeKeyService implements KeyService {
  readonly types = ['hckms'] as const;
  readonly #held: ReadonlySet<string>;
  wraps = 0;
  unwraps = 0;

  constructor(...held: string[]) {
    this.#held = new Set(held);
  }

  async wrap(key: MasterKey, dataKey: Uint8Array): Promise<string> {
    this.wraps += 1;
    return `${nameOf(key)} ${this.wraps} ${Buffer.from(dataKey).toString('hex')}`;
  }

  async unwrap(key: MasterKey): Promise<Uint8Array | null> {
    this.unwraps += 1;
    if (!this.#held.has(nameOf(key))) return null;
    const [name, , hex] = key.enc.split(' ');
    if (name !== nameOf(key)) throw new TidelockError('ERR_KEY_UNWRAP', 'not the key it says');
    return Uint8Array.from(Buffer.from(hex ?? '', 'hex'));
  }
}

function nameOf(key: MasterKey): string {
  return key.type === 'hckms' ? key.keyId : key.type;
}
