import { constants, createCipheriv, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { type SealedPlace, sealingLabel } from './scope.ts';
import { formatSealedValue } from './sealed-value.ts';

export const SESSION_KEY_LENGTH = 32;
/** A session key seals one value, so that one nonce serves all. */
export const NONCE = new Uint8Array(12);

export const OAEP = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
} as const;

/** Seals one value for its place: what the controller that holds the private key opens there alone. */
export function sealValue(publicKey: KeyObject, place: SealedPlace, plain: Uint8Array): string {
  const sessionKey = randomBytes(SESSION_KEY_LENGTH);
  const cipher = createCipheriv('aes-256-gcm', sessionKey, NONCE);
  const body = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
  const wrappedKey = publicEncrypt(
    { key: publicKey, ...OAEP, oaepLabel: Buffer.from(sealingLabel(place)) },
    sessionKey,
  );
  sessionKey.fill(0);
  return formatSealedValue({ wrappedKey, ciphertext: Buffer.concat(body) });
}
