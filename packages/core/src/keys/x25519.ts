import {
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  type KeyObject,
} from 'node:crypto';

const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');

/** @param scalar 32 bytes */
export function x25519PrivateKey(scalar: Uint8Array): KeyObject {
  const key = Buffer.concat([PRIVATE_PREFIX, scalar]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/**
 * As a JWK: read and written several times faster than DER, and every wrap needs one.
 * @param point 32 bytes
 */
export function x25519PublicKey(point: Uint8Array): KeyObject {
  const x = Buffer.from(point).toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' });
}

/** The 32 bytes of the public point that belongs to a private key, or of a public key. */
export function x25519Point(key: KeyObject): Uint8Array {
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
}

let basePoint: KeyObject | undefined;

/**
 * A key for one message, with its public point. The point is worked out (RFC 7748, 6.1) and not
 * exported: Node 20 holds a lock on a generated key while it writes it out, and where memory is
 * collected just then, the end of the generation waits for that lock for ever.
 */
export function generateX25519(): { readonly privateKey: KeyObject; readonly point: Uint8Array } {
  basePoint ??= x25519PublicKey(Uint8Array.of(9, ...new Uint8Array(31)));
  const { privateKey } = generateKeyPairSync('x25519');
  return { privateKey, point: diffieHellman({ privateKey, publicKey: basePoint }) };
}

/** The shared secret; null for a point of low order, of which nothing secret can come. */
export function x25519Shared(privateKey: KeyObject, publicKey: KeyObject): Uint8Array | null {
  try {
    const shared = diffieHellman({ privateKey, publicKey });
    return shared.every((byte) => byte === 0) ? null : shared;
  } catch {
    return null;
  }
}
