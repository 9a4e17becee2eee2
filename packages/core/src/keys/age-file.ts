import { createHmac, timingSafeEqual } from 'node:crypto';
import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';
import { hkdfSha256, openChaCha, sealChaCha } from './age-crypto.ts';
import { type AgeFile, type AgeStanza, encodeRawBase64, formatStanzas } from './age-format.ts';

/** Bytes of the key that an age file's recipients unwrap. */
export const FILE_KEY_BYTES = 16;

const NO_SALT = new Uint8Array(0);
const NONCE_BYTES = 16;
const CHUNK_BYTES = 64 * 1024;
const SEALED_CHUNK_BYTES = CHUNK_BYTES + 16;

export interface SealOptions {
  readonly stanzas: readonly AgeStanza[];
  readonly fileKey: Uint8Array;
  readonly randomBytes: RandomBytes;
}

/** An age v1 file around a plaintext of at most one chunk (64 KiB): what a wrapped key is. */
export function sealAgeFile(plaintext: Uint8Array, options: SealOptions): Uint8Array {
  if (plaintext.length > CHUNK_BYTES) throw new RangeError('more than one chunk');
  const header = formatStanzas(options.stanzas);
  const mac = headerMac(options.fileKey, Buffer.from(header));
  const nonce = options.randomBytes(NONCE_BYTES);
  const key = hkdfSha256(options.fileKey, nonce, 'payload');
  return Buffer.concat([
    Buffer.from(`${header} ${encodeRawBase64(mac)}\n`),
    nonce,
    sealChaCha(key, plaintext, chunkNonce(0, true)),
  ]);
}

/**
 * The plaintext of an age file whose file key is known.
 * @throws TidelockError ERR_KEY_UNWRAP when header or payload were changed
 */
export function openAgeFile(file: AgeFile, fileKey: Uint8Array): Uint8Array {
  if (!timingSafeEqual(headerMac(fileKey, file.header.authenticated), file.header.mac)) {
    throw changed('header');
  }
  const nonce = file.payload.subarray(0, NONCE_BYTES);
  const sealed = file.payload.subarray(NONCE_BYTES);
  if (nonce.length < NONCE_BYTES) throw changed('payload');
  return openChunks(hkdfSha256(fileKey, nonce, 'payload'), sealed);
}

function openChunks(key: Uint8Array, sealed: Uint8Array): Uint8Array {
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (let counter = 0; ; counter++) {
    const end = Math.min(start + SEALED_CHUNK_BYTES, sealed.length);
    const last = end === sealed.length;
    const chunk = openChaCha(key, sealed.subarray(start, end), chunkNonce(counter, last));
    if (chunk === null || (chunk.length === 0 && counter > 0)) throw changed('payload');
    chunks.push(chunk);
    if (last) return chunks.length === 1 ? chunk : Buffer.concat(chunks);
    start = end;
  }
}

function headerMac(fileKey: Uint8Array, authenticated: Uint8Array): Uint8Array {
  const key = hkdfSha256(fileKey, NO_SALT, 'header');
  return createHmac('sha256', key).update(authenticated).digest();
}

function chunkNonce(counter: number, last: boolean): Uint8Array {
  const nonce = Buffer.alloc(12);
  nonce.writeUIntBE(counter, 5, 6);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

function changed(part: string): TidelockError {
  return new TidelockError(
    'ERR_KEY_UNWRAP',
    `The ${part} of the age file was damaged or changed after it was made`,
    { hint: 'Restore the sops block from a commit in which the file could still be decrypted.' },
  );
}
