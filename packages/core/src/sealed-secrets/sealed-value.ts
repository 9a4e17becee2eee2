import { fromBase64, toBase64 } from '../bytes.ts';

/** One value of `spec.encryptedData`, taken apart. */
export interface SealedValue {
  /** The session key, RSA-OAEP; as long as the modulus of the key that sealed it. */
  readonly wrappedKey: Uint8Array;
  /** AES-256-GCM, with the tag at its end. */
  readonly ciphertext: Uint8Array;
}

export const GCM_TAG_LENGTH = 16;
const SIZE_LENGTH = 2;
/** Of RSA keys, in bytes: 2048 to 16384 bits. */
const SHORTEST_KEY = 256;
const LONGEST_KEY = 2048;
const KEY_STEP = 64;
/** Of such a length in base64: whatever else a text is, it is not decoded. */
const BEGINNING = /^[A-C][A-Za-z0-9+/][A-D]/;

/**
 * Two bytes that say how long the wrapped key is, that key, then the ciphertext; in base64, where
 * line breaks count for nothing and spaces are a mistake, as to the controller. null: it is not that.
 */
export function parseSealedValue(text: string): SealedValue | null {
  if (!BEGINNING.test(text)) return null;
  const bytes = fromBase64(text);
  if (bytes === null) return null;
  const length = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readUInt16BE(0);
  const isKey = length >= SHORTEST_KEY && length <= LONGEST_KEY && length % KEY_STEP === 0;
  const end = SIZE_LENGTH + length;
  if (!isKey || bytes.length < end + GCM_TAG_LENGTH) return null;
  return { wrappedKey: bytes.subarray(SIZE_LENGTH, end), ciphertext: bytes.subarray(end) };
}

/** The text of `spec.encryptedData`. */
export function formatSealedValue({ wrappedKey, ciphertext }: SealedValue): string {
  const size = Buffer.alloc(SIZE_LENGTH);
  size.writeUInt16BE(wrappedKey.length);
  return toBase64(Buffer.concat([size, wrappedKey, ciphertext]));
}
