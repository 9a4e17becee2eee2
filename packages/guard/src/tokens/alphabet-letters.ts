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
