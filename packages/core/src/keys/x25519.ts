import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

const PRIVATE_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex');
const PUBLIC_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');

/** @param scalar 32 bytes */
export function x25519PrivateKey(scalar: Uint8Array): KeyObject {
  const key = Buffer.concat([PRIVATE_PREFIX, scalar]);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

/** @param point 32 bytes */
export function x25519PublicKey(point: Uint8Array): KeyObject {
  const key = Buffer.concat([PUBLIC_PREFIX, point]);
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** The 32 bytes of the public point that belongs to a private key, or of a public key. */
export function x25519Point(key: KeyObject): Uint8Array {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(PUBLIC_PREFIX.length);
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
