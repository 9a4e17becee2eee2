import { createHash } from 'node:crypto';
import { fractionOfPi } from './blowfish-constants.ts';

const SUBKEYS = 18;
const HASH_BYTES = 32;
const MAGIC = Buffer.from('OxychromaticBlowfishSwatDynamite');

/**
 * The key derivation of encrypted OpenSSH private keys: PBKDF2 around the bcrypt hash, its output
 * bytes dealt out across the blocks (OpenBSD bcrypt_pbkdf).
 */
export function bcryptPbkdf(
  passphrase: Uint8Array,
  salt: Uint8Array,
  options: { readonly rounds: number; readonly length: number },
): Uint8Array {
  const blocks = Math.ceil(options.length / HASH_BYTES);
  const perBlock = Math.ceil(options.length / blocks);
  const output = new Uint8Array(options.length);
  const key = sha512(passphrase);
  for (let block = 1; block <= blocks; block++) {
    const sum = hashRounds(key, saltOfBlock(salt, block), options.rounds);
    for (let i = 0; i < perBlock; i++) {
      const position = i * blocks + (block - 1);
      if (position < options.length) output[position] = sum[i] ?? 0;
    }
  }
  return output;
}

function hashRounds(key: Uint8Array, salt: Uint8Array, rounds: number): Uint8Array {
  let previous = bcryptHash(key, sha512(salt));
  const sum = Uint8Array.from(previous);
  for (let round = 1; round < rounds; round++) {
    previous = bcryptHash(key, sha512(previous));
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) ^ (previous[i] ?? 0);
  }
  return sum;
}

function saltOfBlock(salt: Uint8Array, block: number): Uint8Array {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(block);
  return Buffer.concat([salt, count]);
}

function bcryptHash(key: Uint8Array, salt: Uint8Array): Uint8Array {
  const state = Uint32Array.from(fractionOfPi());
  const keyWords = wordsOf(key);
  const saltWords = wordsOf(salt);
  const nothing = new Uint32Array(saltWords.length);
  expand(state, keyWords, saltWords);
  for (let i = 0; i < 64; i++) {
    expand(state, saltWords, nothing);
    expand(state, keyWords, nothing);
  }
  const text = wordsOf(MAGIC);
  for (let i = 0; i < 64; i++) {
    for (let pair = 0; pair < text.length; pair += 2) encipher(state, text, pair);
  }
  const output = Buffer.alloc(HASH_BYTES);
  text.forEach((word, index) => {
    output.writeUInt32LE(word, index * 4);
  });
  return output;
}

/** Blowfish's key schedule with the salt mixed into every block. */
function expand(state: Uint32Array, key: Uint32Array, salt: Uint32Array): void {
  for (let i = 0; i < SUBKEYS; i++) state[i] = (state[i] ?? 0) ^ (key[i % key.length] ?? 0);
  const block = new Uint32Array(2);
  for (let i = 0, at = 0; i < state.length; i += 2, at = (at + 2) % salt.length) {
    block[0] = (block[0] ?? 0) ^ (salt[at] ?? 0);
    block[1] = (block[1] ?? 0) ^ (salt[at + 1] ?? 0);
    encipher(state, block, 0);
    state[i] = block[0] ?? 0;
    state[i + 1] = block[1] ?? 0;
  }
}

function encipher(state: Uint32Array, block: Uint32Array, at: number): void {
  let left = (block[at] ?? 0) ^ (state[0] ?? 0);
  let right = block[at + 1] ?? 0;
  for (let round = 1; round <= 16; round += 2) {
    right ^= mix(state, left) ^ (state[round] ?? 0);
    left ^= mix(state, right) ^ (state[round + 1] ?? 0);
  }
  block[at] = right ^ (state[17] ?? 0);
  block[at + 1] = left;
}

function mix(state: Uint32Array, word: number): number {
  const a = state[SUBKEYS + (word >>> 24)] ?? 0;
  const b = state[SUBKEYS + 256 + ((word >>> 16) & 255)] ?? 0;
  const c = state[SUBKEYS + 512 + ((word >>> 8) & 255)] ?? 0;
  const d = state[SUBKEYS + 768 + (word & 255)] ?? 0;
  return (((a + b) ^ c) + d) | 0;
}

function wordsOf(bytes: Uint8Array): Uint32Array {
  const buffer = Buffer.from(bytes);
  return Uint32Array.from({ length: buffer.length / 4 }, (_, i) => buffer.readUInt32BE(i * 4));
}

function sha512(bytes: Uint8Array): Uint8Array {
  return createHash('sha512').update(bytes).digest();
}
