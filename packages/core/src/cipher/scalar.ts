import { decodeUtf8, encodeUtf8 } from '../bytes.ts';
import type { Scalar } from '../document/document.ts';
import { floatFixed, parseGoFloat } from '../document/float.ts';
import { formatNano, parseRfc3339 } from './rfc3339.ts';

/** Types that a token may name (SOPS-FORMAT 1.2). `bytes` is read and never written. */
export type TokenType = 'str' | 'int' | 'float' | 'bool' | 'time' | 'comment' | 'bytes';

export type ValueScalar = Exclude<Scalar, { readonly type: 'null' }>;

/** The plaintext of a scalar: what is encrypted, and what the MAC is taken over. */
export function plaintextOf(scalar: ValueScalar): string | Uint8Array {
  switch (scalar.type) {
    case 'str':
    case 'time':
      return scalar.value;
    case 'int':
      return scalar.value.toString();
    case 'float':
      return floatFixed(scalar.value);
    case 'bool':
      return scalar.value ? 'True' : 'False';
  }
}

export function plaintextBytes(scalar: ValueScalar): Uint8Array {
  const plaintext = plaintextOf(scalar);
  return typeof plaintext === 'string' ? encodeUtf8(plaintext) : plaintext;
}

/** Reads the plaintext of a token back into a scalar; null when it is not of the type it claims. */
export function readScalar(type: Exclude<TokenType, 'comment'>, bytes: Uint8Array): Scalar | null {
  if (type === 'str' || type === 'bytes') return { type: 'str', value: decodeUtf8(bytes) ?? bytes };
  // No number, word or time that can be read is longer; zeros before an int are.
  if (bytes.length > 4096) return null;
  const text = decodeUtf8(bytes);
  if (text === null) return null;
  switch (type) {
    case 'int':
      return readInt(text);
    case 'float':
      return readFloat(text);
    case 'bool':
      return readBool(text);
    case 'time':
      return readTime(text);
  }
}

export function isTokenType(type: string): type is TokenType {
  return TOKEN_TYPES.has(type);
}

const TOKEN_TYPES: ReadonlySet<string> = new Set<TokenType>([
  'str',
  'int',
  'float',
  'bool',
  'time',
  'comment',
  'bytes',
]);

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

function readInt(text: string): Scalar | null {
  if (!/^[+-]?[0-9]+$/.test(text)) return null;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return value >= INT64_MIN && value <= INT64_MAX ? { type: 'int', value } : null;
}

function readFloat(text: string): Scalar | null {
  const value = parseGoFloat(text);
  return value === null ? null : { type: 'float', value };
}

function readBool(text: string): Scalar | null {
  if (/^(?:1|t|T|TRUE|true|True)$/.test(text)) return { type: 'bool', value: true };
  if (/^(?:0|f|F|FALSE|false|False)$/.test(text)) return { type: 'bool', value: false };
  return null;
}

function readTime(text: string): Scalar | null {
  const time = parseRfc3339(text);
  return time === null ? null : { type: 'time', value: formatNano(time) };
}
