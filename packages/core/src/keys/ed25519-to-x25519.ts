import { createHash } from 'node:crypto';

const P = 2n ** 255n - 19n;

/**
 * The X25519 point of an Ed25519 public key (RFC 7748 section 4.1): u = (1 + y) / (1 - y). null for
 * the point that has none.
 */
export function edwardsToMontgomery(point: Uint8Array): Uint8Array | null {
  const bytes = Uint8Array.from(point);
  bytes[31] = (bytes[31] ?? 0) & 0x7f;
  const y = BigInt(`0x${Buffer.from(bytes.reverse()).toString('hex')}`);
  if (y >= P) return null;
  const divisor = modulo(1n - y);
  if (divisor === 0n) return null;
  const u = modulo((1n + y) * power(divisor, P - 2n));
  return Uint8Array.from(Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse());
}

/** The X25519 scalar of an Ed25519 seed; X25519 itself clamps it. */
export function seedToScalar(seed: Uint8Array): Uint8Array {
  return createHash('sha512').update(seed).digest().subarray(0, 32);
}

function modulo(value: bigint): bigint {
  const rest = value % P;
  return rest < 0n ? rest + P : rest;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}
