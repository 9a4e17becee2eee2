import type { Scalar } from '../document/document.ts';

/** A number that sops' reader takes for an unsigned 64-bit integer, which sops cannot hold. */
export const OUT_OF_RANGE = 'out-of-range';

const INT_MIN = -(2n ** 63n);
const INT_MAX = 2n ** 63n - 1n;
const UINT_MAX = 2n ** 64n - 1n;

/**
 * The integer or float that plain text stands for (SOPS-FORMAT 1.6), null when it is no number.
 * @param text begins with a digit, a sign or a dot
 */
export function parseNumber(text: string): Scalar | typeof OUT_OF_RANGE | null {
  if (text.charCodeAt(0) === DOT) return parseFloatText(text);
  const plain = text.includes('_') ? text.replaceAll('_', '') : text;
  const integer = parsePrefixed(plain) ?? parseDecimal(plain);
  return integer === null ? (parseFloatText(plain) ?? parseOddSign(plain)) : integer;
}

const DOT = 46;

/** An unsigned number is one without any sign, `+` included. */
function ranged(value: bigint, plain: string): Scalar | typeof OUT_OF_RANGE | null {
  if (value >= INT_MIN && value <= INT_MAX) return { type: 'int', value };
  const isUnsigned = value > 0n && plain.charCodeAt(0) !== PLUS;
  return isUnsigned && value <= UINT_MAX ? OUT_OF_RANGE : null;
}

const PREFIXED = /^([+-]?)0(?:([xX])([0-9a-fA-F]+)|([bB])([01]+)|[oO]?([0-7]+))$/;

function parsePrefixed(plain: string): Scalar | typeof OUT_OF_RANGE | null {
  const parts = PREFIXED.exec(plain);
  if (parts === null) return null;
  const [, sign, hexMark, hex, binaryMark, binary, octal] = parts;
  const digits = (hex ?? binary ?? octal ?? '').replace(/^0+(?=.)/, '');
  if (digits.length > MAX_DIGITS) return null;
  const radix = hexMark !== undefined ? '0x' : binaryMark !== undefined ? '0b' : '0o';
  const value = BigInt(radix + digits);
  return ranged(sign === '-' ? -value : value, plain);
}

/** Binary digits of 64 bits: more of any radix are out of every range. */
const MAX_DIGITS = 64;

const DECIMAL = /^[+-]?(?:0|[1-9][0-9]*)$/;

function parseDecimal(plain: string): Scalar | typeof OUT_OF_RANGE | null {
  if (!DECIMAL.test(plain) || plain.length > 21) return null;
  return ranged(BigInt(plain.charCodeAt(0) === PLUS ? plain.slice(1) : plain), plain);
}

const PLUS = 43;

/** `0b-1` and `0o-7`: the reader strips the prefix and reads a signed number. */
function parseOddSign(plain: string): Scalar | null {
  const parts = ODD_SIGN.exec(plain);
  if (parts === null) return null;
  const [, sign, digits = ''] = parts;
  const isBinary = plain.charCodeAt(1) === LOWER_B;
  if (digits.length > MAX_DIGITS || (isBinary && /[2-7]/.test(digits))) return null;
  const value = BigInt((isBinary ? '0b' : '0o') + digits);
  const scalar = ranged(sign === '-' ? -value : value, plain);
  return scalar === OUT_OF_RANGE ? null : scalar;
}

const ODD_SIGN = /^0[bo]([+-])([0-7]+)$/;
const LOWER_B = 98;

const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;

/** Null as well for a number beyond the range of a float64: sops keeps its text. */
function parseFloatText(plain: string): Scalar | null {
  const special = SPECIAL_FLOATS.get(plain);
  if (special !== undefined) return { type: 'float', value: special };
  if (!FLOAT.test(plain)) return null;
  const value = Number(plain);
  return Number.isFinite(value) ? { type: 'float', value } : null;
}

const SPECIAL_FLOATS: ReadonlyMap<string, number> = new Map([
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((text) => [text, Infinity] as const),
  ...['-.inf', '-.Inf', '-.INF'].map((text) => [text, -Infinity] as const),
  ...['.nan', '.NaN', '.NAN'].map((text) => [text, Number.NaN] as const),
]);
