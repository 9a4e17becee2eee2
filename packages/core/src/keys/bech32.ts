const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const;
const VALUES = new Map([...ALPHABET].map((letter, value) => [letter, value]));
const CHECKSUM_LENGTH = 6;

export interface Bech32 {
  /** Lower case. */
  readonly prefix: string;
  readonly data: Uint8Array;
}

/**
 * Reads Bech32 as age uses it: without the limit of 90 characters, in one case throughout. null when
 * the text is not that or its checksum is wrong.
 */
export function decodeBech32(text: string): Bech32 | null {
  const lower = text.toLowerCase();
  if (text !== lower && text !== text.toUpperCase()) return null;
  const separator = lower.lastIndexOf('1');
  if (separator < 1 || separator + 1 + CHECKSUM_LENGTH > lower.length) return null;
  const prefix = lower.slice(0, separator);
  if (!/^[!-~]+$/.test(prefix)) return null;
  const words = toWords(lower.slice(separator + 1));
  if (words === null) return null;
  if (checksum(prefix, words) !== 1) return null;
  const data = regroup(words.subarray(0, -CHECKSUM_LENGTH), 5, 8);
  return data === null ? null : { prefix, data };
}

/** Lower-case Bech32 text of the bytes; `prefix` must be lower-case. */
export function encodeBech32(prefix: string, data: Uint8Array): string {
  const words = regroup(data, 8, 5) ?? new Uint8Array(0);
  const padded = new Uint8Array(words.length + CHECKSUM_LENGTH);
  padded.set(words);
  const sum = checksum(prefix, padded) ^ 1;
  for (let i = 0; i < CHECKSUM_LENGTH; i++) {
    padded[words.length + i] = (sum >>> (5 * (CHECKSUM_LENGTH - 1 - i))) & 31;
  }
  return `${prefix}1${Array.from(padded, (word) => ALPHABET[word]).join('')}`;
}

function toWords(text: string): Uint8Array | null {
  const words = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const value = VALUES.get(text.charAt(i));
    if (value === undefined) return null;
    words[i] = value;
  }
  return words;
}

function checksum(prefix: string, words: Uint8Array): number {
  let sum = 1;
  for (const byte of Buffer.from(prefix)) sum = step(sum, byte >>> 5);
  sum = step(sum, 0);
  for (const byte of Buffer.from(prefix)) sum = step(sum, byte & 31);
  for (const word of words) sum = step(sum, word);
  return sum;
}

function step(sum: number, value: number): number {
  const top = sum >>> 25;
  let next = ((sum & 0x1ffffff) << 5) ^ value;
  GENERATORS.forEach((generator, bit) => {
    if (((top >>> bit) & 1) === 1) next ^= generator;
  });
  return next >>> 0;
}

/** Regroups bits; null when bits are left over that are not zero padding. */
function regroup(input: Uint8Array, from: number, to: number): Uint8Array | null {
  const output: number[] = [];
  let buffer = 0;
  let bits = 0;
  for (const value of input) {
    buffer = ((buffer << from) | value) & 0xffff;
    bits += from;
    while (bits >= to) {
      bits -= to;
      output.push((buffer >>> bits) & ((1 << to) - 1));
    }
  }
  const rest = buffer & ((1 << bits) - 1);
  if (to === 5) {
    if (bits > 0) output.push((rest << (to - bits)) & 31);
  } else if (bits >= from || rest !== 0) {
    return null;
  }
  return Uint8Array.from(output);
}
