const DIGITS = '0123456789';
const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const UPPER = LOWER.toUpperCase();
const BASE62 = DIGITS + UPPER + LOWER;

/** The characters a part of a token is made of, by the name the table uses. At most 32 of them. */
export const ALPHABETS = {
  dig: DIGITS,
  hex: `${DIGITS}abcdef`,
  HEX: `${DIGITS}ABCDEF`,
  hexi: `${DIGITS}abcdefABCDEF`,
  b32: `${UPPER}234567`,
  b32l: `${LOWER}234567`,
  l36: DIGITS + LOWER,
  U36: DIGITS + UPPER,
  al: UPPER + LOWER,
  b62: BASE62,
  w: `${BASE62}_`,
  b64: `${BASE62}+/`,
  b64u: `${BASE62}-_`,
  /** either base64 */
  b64x: `${BASE62}+/-_`,
  /** base64url with dots */
  b64ud: `${BASE62}-_.`,
  /** base64url with padding anywhere */
  b64ue: `${BASE62}-_=`,
  b62m: `${BASE62}-`,
  b62d: `${BASE62}._`,
  l36m: `${DIGITS}${LOWER}-`,
  b58: BASE62.replace(/[0OIl]/g, ''),
  bech: 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
  ent: `${BASE62}_~.-`,
  pct: `${BASE62}%+/=-_.~`,
  eq: '=',
  /** the last character of base64 with two bits left over, with four */
  agqw: 'AQgw',
  AtoP: 'ABCDEFGHIJKLMNOP',
  AtoL: 'ABCDEFGHIJKL',
  AtoD: 'ABCD',
  /** last character of the base64 of 32 bytes */
  last32: 'AEIMQUYcgkosw048',
} as const;

export type AlphabetName = keyof typeof ALPHABETS;

/** Which alphabets an ASCII character is in, as a bit for each. */
const MEMBERSHIP: Int32Array = buildMembership();

function buildMembership(): Int32Array {
  const membership = new Int32Array(128);
  Object.values(ALPHABETS).forEach((letters, bit) => {
    for (let i = 0; i < letters.length; i++) {
      const code = letters.charCodeAt(i);
      membership[code] = (membership[code] ?? 0) | (1 << bit);
    }
  });
  return membership;
}

const NAMES = Object.keys(ALPHABETS);

export function isAlphabetName(name: string): name is AlphabetName {
  return NAMES.includes(name);
}

/** Index of an alphabet: what `inAlphabet` and `Runs` take. */
export function alphabetIndex(name: AlphabetName): number {
  return NAMES.indexOf(name);
}

export const ALPHABET_COUNT = NAMES.length;

/** Whether the character code is in the alphabet; NaN (beyond the text) is in none. */
export function inAlphabet(code: number, index: number): boolean {
  return code < 128 && ((MEMBERSHIP[code] ?? 0) & (1 << index)) !== 0;
}

const B62 = alphabetIndex('b62');

export function isAlphanumeric(code: number): boolean {
  return inAlphabet(code, B62);
}
