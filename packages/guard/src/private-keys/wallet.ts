import { createHash } from 'node:crypto';
import type { FoundKey } from './found-key.ts';

/** A private key of a wallet: version, 32 bytes, perhaps a 1 for a compressed public key, checksum. */
const IMPORT_FORMAT = /\b[5KL9cQT67][1-9A-HJ-NP-Za-km-z]{50,51}\b/g;
const EXTENDED = /\b[xyztuv]prv[1-9A-HJ-NP-Za-km-z]{107,108}\b/g;

/** Private keys of wallets in base58, told by their checksum. */
export function* findWalletKeys(text: string): Iterable<FoundKey> {
  for (const match of text.matchAll(IMPORT_FORMAT)) {
    const key = base58Check(match[0]);
    const isKey = key !== null && (key.length === 33 || (key.length === 34 && key[33] === 1));
    if (!isKey && !isNamed(text, match.index)) continue;
    yield found(match, { kind: 'wif', title: 'a private key of a wallet', valid: isKey });
  }
  if (!text.includes('prv')) return;
  for (const match of text.matchAll(EXTENDED)) {
    const key = base58Check(match[0]);
    const valid = key?.length === 78;
    yield found(match, { kind: 'bip32', title: 'an extended private key of a wallet', valid });
  }
}

interface Known {
  readonly kind: string;
  readonly title: string;
  readonly valid: boolean;
}

function found(match: RegExpExecArray, { kind, title, valid }: Known): FoundKey {
  const span = { start: match.index, end: match.index + match[0].length };
  return { span, kind, title, passphrase: false, ...(valid ? {} : { checksumFailed: true }) };
}

/** Whether the line says before it what it is: without a checksum nothing else does. */
function isNamed(text: string, at: number): boolean {
  return /(?:wif|bitcoin|btc|wallet)[^\n]{0,40}$/i.test(text.slice(Math.max(0, at - 60), at));
}

const DIGITS = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** The bytes before the checksum; null when that does not fit. Input is bounded to 112 characters. */
function base58Check(text: string): Uint8Array | null {
  let number = 0n;
  for (const char of text) number = number * 58n + BigInt(DIGITS.indexOf(char));
  const hex = number.toString(16);
  const bytes = Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex');
  const body = bytes.subarray(0, -4);
  const sum = sha256(sha256(body)).subarray(0, 4);
  return sum.equals(bytes.subarray(-4)) ? body : null;
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash('sha256').update(bytes).digest();
}
