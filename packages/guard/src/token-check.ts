import { parseToken } from '@tidelock/core';
import { type SafeText, say } from './mask.ts';

const IV_BYTES = 32;
const TAG_BYTES = 16;

/** Bytes of plain text that each type can have (SOPS-FORMAT 1.2). Ciphertext is as long. */
const LENGTHS: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['str', [1, Number.POSITIVE_INFINITY]],
  ['bytes', [1, Number.POSITIVE_INFINITY]],
  ['comment', [1, Number.POSITIVE_INFINITY]],
  ['int', [1, 20]],
  ['float', [1, 400]],
  ['bool', [1, 5]],
  ['time', [20, 35]],
]);

/**
 * What is wrong with a token as far as can be seen without the data key; null when nothing is
 * (SOPS-FORMAT 1.1 and 1.2).
 */
export function tokenFault(text: string): SafeText | null {
  const token = parseToken(text);
  if (token === null) return say`it is cut off, or a field of it is no base64`;
  if (!text.trimEnd().endsWith(']')) return say`something follows it`;
  if (token.iv.length !== IV_BYTES) return say`its iv has ${token.iv.length} bytes instead of 32`;
  if (token.tag.length !== TAG_BYTES)
    return say`its tag has ${token.tag.length} bytes instead of 16`;
  const lengths = LENGTHS.get(token.type);
  if (lengths === undefined) return say`its type is unknown`;
  const [least, most] = lengths;
  if (token.data.length < least || token.data.length > most) {
    return say`${token.data.length} bytes of data cannot be of its type`;
  }
  return looksReadable(token.data) ? say`its data is readable text` : null;
}

/** Twelve random bytes are all printable once in 100,000 times. */
function looksReadable(data: Uint8Array): boolean {
  return data.length >= 12 && data.every((byte) => byte >= 32 && byte < 127);
}
