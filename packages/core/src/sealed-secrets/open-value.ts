import { createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import { type SealedPlace, sealingLabel } from './scope.ts';
import { NONCE, OAEP, SESSION_KEY_LENGTH } from './seal-value.ts';
import { GCM_TAG_LENGTH, type SealedValue } from './sealed-value.ts';

/**
 * What a sealed value holds. null: this key did not seal it, or it was sealed for another place, or
 * it was changed; nothing in it tells which.
 */
export function openSealedValue(
  { wrappedKey, ciphertext }: SealedValue,
  place: SealedPlace,
  privateKey: KeyObject,
): Uint8Array | null {
  const sessionKey = unwrap(wrappedKey, place, privateKey);
  if (sessionKey?.length !== SESSION_KEY_LENGTH) return null;
  const end = ciphertext.length - GCM_TAG_LENGTH;
  const decipher = createDecipheriv('aes-256-gcm', sessionKey, NONCE, {
    authTagLength: GCM_TAG_LENGTH,
  });
  decipher.setAuthTag(ciphertext.subarray(end));
  const plain = decipher.update(ciphertext.subarray(0, end));
  sessionKey.fill(0);
  try {
    decipher.final();
    return plain;
  } catch {
    plain.fill(0);
    return null;
  }
}

function unwrap(wrapped: Uint8Array, place: SealedPlace, key: KeyObject): Buffer | null {
  const { modulusLength = 0 } = key.asymmetricKeyDetails ?? {};
  if (Math.ceil(modulusLength / 8) !== wrapped.length) return null;
  try {
    return privateDecrypt({ key, ...OAEP, oaepLabel: Buffer.from(sealingLabel(place)) }, wrapped);
  } catch {
    return null;
  }
}
