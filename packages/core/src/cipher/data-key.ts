import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';

/** Bytes of a data key. */
export const DATA_KEY_SIZE = 32;

/** A new data key. The caller zeroes it once it is no longer needed. */
export function newDataKey(randomBytes: RandomBytes): Uint8Array {
  const key = Uint8Array.from(randomBytes(DATA_KEY_SIZE));
  checkDataKey(key);
  return key;
}

/** @throws TidelockError ERR_DATA_KEY_UNAVAILABLE when what was unwrapped cannot be a data key */
export function checkDataKey(key: Uint8Array): void {
  if (key.length === DATA_KEY_SIZE) return;
  throw new TidelockError(
    'ERR_DATA_KEY_UNAVAILABLE',
    `the unwrapped data key has ${key.length} bytes instead of ${DATA_KEY_SIZE}`,
    { hint: 'The sops block is damaged: restore it from an earlier commit.' },
  );
}
