import { type Decoding, LeftToHand } from './remote-secret.ts';

/** A value as `decodingStrategy` makes it. @throws LeftToHand for what is not in the named encoding */
export function decodeValue(bytes: Uint8Array, decoding: Decoding, what: string): Uint8Array {
  if (decoding === 'None') return bytes;
  const text = Buffer.from(bytes)
    .toString('latin1')
    .replace(/[\r\n]/g, '');
  const isWhole = text.length % 4 === 0;
  if (decoding !== 'Base64URL' && isWhole && /^[A-Za-z0-9+/]*={0,2}$/.test(text))
    return Buffer.from(text, 'base64');
  if (decoding !== 'Base64' && isWhole && /^[A-Za-z0-9_-]*={0,2}$/.test(text))
    return Buffer.from(text, 'base64url');
  if (decoding === 'Auto') return bytes;
  throw new LeftToHand(`${what} is not in ${decoding}, though decodingStrategy says so`);
}
