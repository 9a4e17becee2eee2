import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';

const TAG_BYTES = 16;
const ZERO_NONCE = new Uint8Array(12);

/** One block of HKDF-SHA-256: 32 bytes. */
export function hkdfSha256(secret: Uint8Array, salt: Uint8Array, info: string): Uint8Array {
  const extracted = createHmac('sha256', salt).update(secret).digest();
  return createHmac('sha256', extracted).update(info).update(Uint8Array.of(1)).digest();
}

/** ChaCha20-Poly1305, the tag behind the text; nonce zero unless given. */
export function sealChaCha(
  key: Uint8Array,
  plaintext: Uint8Array,
  nonce: Uint8Array = ZERO_NONCE,
): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** null when it was not sealed with this key and nonce, or was changed since. */
export function openChaCha(
  key: Uint8Array,
  sealed: Uint8Array,
  nonce: Uint8Array = ZERO_NONCE,
): Uint8Array | null {
  if (sealed.length < TAG_BYTES) return null;
  const cut = sealed.length - TAG_BYTES;
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAuthTag(sealed.subarray(cut));
  const plaintext = cipher.update(sealed.subarray(0, cut));
  try {
    cipher.final();
    return plaintext;
  } catch {
    return null;
  }
}
