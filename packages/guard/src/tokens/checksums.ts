/**
 * Checksums that issuers build into their tokens. `yes` and `no` are sure; `no` lowers a finding and
 * never silences it. `unknown`: this form carries none that we know.
 */
export type ChecksumResult = 'yes' | 'no' | 'unknown';

export type ChecksumName = keyof typeof CHECKSUMS;

/** Each is given the whole token, prefix included. */
const CHECKSUMS = {
  github: (token: string) => (token.length === 40 ? crc62(token, 4) : 'unknown'),
  npm: (token: string) => (crc62(token, 4) === 'yes' ? 'yes' : crc62(token, 0)),
  polar: (token: string) => crc62(token, token.lastIndexOf('_') + 1),
  gitlabRoutable,
  grafana,
  cloudflare,
  bech32: bech32Checksum,
} as const;

export function verifyChecksum(name: ChecksumName, token: string): ChecksumResult {
  return CHECKSUMS[name](token);
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The last six characters are the CRC-32 of those from `bodyStart`, in base 62. */
function crc62(token: string, bodyStart: number): ChecksumResult {
  const expected = crc62Of(token.slice(bodyStart, -6));
  return token.endsWith(expected) ? 'yes' : 'no';
}

export function crc62Of(body: string): string {
  return inBase(crc32(body), BASE62, 6);
}

/** The last seven are the CRC-32 of all before them, in base 36. */
function gitlabRoutable(token: string): ChecksumResult {
  if (token.split('.').length !== 2) return 'unknown';
  return token.endsWith(crc36Of(token.slice(0, -7))) ? 'yes' : 'no';
}

export function crc36Of(text: string): string {
  return inBase(crc32(text), BASE62.slice(0, 10) + BASE62.slice(36), 7);
}

/** Published samples fail it, so a mismatch says nothing. */
function grafana(token: string): ChecksumResult {
  const value = crc32(token.slice(0, token.lastIndexOf('_')));
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return token.endsWith(bytes.toString('hex')) ? 'yes' : 'unknown';
}

/** The issuer names no algorithm, so a mismatch says nothing. */
function cloudflare(token: string): ChecksumResult {
  const body = token.slice(token.indexOf('_') + 1, -8);
  return token.endsWith(crc32(body).toString(16).padStart(8, '0')) ? 'yes' : 'unknown';
}

function inBase(value: number, digits: string, width: number): string {
  let rest = value;
  let text = '';
  while (rest > 0) {
    text = (digits[rest % digits.length] ?? '') + text;
    rest = Math.floor(rest / digits.length);
  }
  return text.padStart(width, '0');
}

let crcTable: Uint32Array | undefined;

/** CRC-32 as zlib computes it, of ASCII text. */
export function crc32(text: string): number {
  crcTable ??= buildCrcTable();
  let crc = 0xffffffff;
  for (let i = 0; i < text.length; i++) {
    crc = (crcTable[(crc ^ text.charCodeAt(i)) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function buildCrcTable(): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
    return value >>> 0;
  });
}

/** BIP-173, as age uses it, in upper case. */
function bech32Checksum(token: string): ChecksumResult {
  const lower = token.toLowerCase();
  const split = lower.lastIndexOf('1');
  const values = valuesOf(lower.slice(split + 1));
  return polymod([...expandPrefix(lower.slice(0, split)), ...values]) === 1 ? 'yes' : 'no';
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

function valuesOf(text: string): number[] {
  return Array.from(text, (char) => BECH32.indexOf(char));
}

function expandPrefix(prefix: string): number[] {
  const codes = Array.from(prefix, (char) => char.charCodeAt(0));
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)];
}

function polymod(values: readonly number[]): number {
  let checksum = 1;
  for (const value of values) {
    const top = checksum >>> 25;
    checksum = ((checksum & 0x1ffffff) << 5) ^ value;
    GENERATORS.forEach((generator, bit) => {
      if ((top >> bit) & 1) checksum ^= generator;
    });
  }
  return checksum;
}

const GENERATORS = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** The six characters that make `prefix1data` valid, in lower case. */
export function bech32Of(prefix: string, data: string): string {
  const sum = polymod([...expandPrefix(prefix), ...valuesOf(data), 0, 0, 0, 0, 0, 0]) ^ 1;
  return [5, 4, 3, 2, 1, 0].map((place) => BECH32[(sum >>> (5 * place)) & 31] ?? '').join('');
}
