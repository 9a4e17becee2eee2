import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

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

/** The shared secret; null for a point of low order, of which nothing secret can come. */
export function x25519Shared(privateKey: KeyObject, publicKey: KeyObject): Uint8Array | null {
  try {
    const shared = diffieHellman({ privateKey, publicKey });
    return shared.every((byte) => byte === 0) ? null : shared;
  } catch {
    return null;
  }
}
