import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';

/**
 * Splits a secret into shares of which any `threshold` give it back (SOPS-FORMAT 7).
 * Share i is the polynomials' values at x = i + 1, then x itself: one byte longer than the secret.
 * @throws TidelockError ERR_SHAMIR unless 2 <= threshold <= parts <= 255
 */
export function splitSecret(
  secret: Uint8Array,
  parts: number,
  threshold: number,
  randomBytes: RandomBytes,
): Uint8Array[] {
  checkSplit(secret, parts, threshold);
  const shares = Array.from({ length: parts }, (_, i) => {
    const share = new Uint8Array(secret.length + 1);
    share[secret.length] = i + 1;
    return share;
  });
  const coefficients = new Uint8Array(threshold);
  for (let at = 0; at < secret.length; at++) {
    coefficients.set(randomBytes(threshold - 1), 1);
    coefficients[0] = secret[at] ?? 0;
    for (const [i, share] of shares.entries()) share[at] = evaluate(coefficients, i + 1);
  }
  coefficients.fill(0);
  return shares;
}

/**
 * The secret of which these are shares. Shares of different splits, or too few, give a wrong secret:
 * only the use of it can tell.
 * @throws TidelockError ERR_SHAMIR for fewer than two shares, lengths that differ, a repeated share
 */
export function combineShares(shares: readonly Uint8Array[]): Uint8Array {
  const [first] = shares;
  if (first === undefined || shares.length < 2) throw failed('less than two parts were recovered');
  if (first.length < 2) throw failed('a part is too short');
  if (shares.some((share) => share.length !== first.length)) {
    throw failed('the parts have different lengths');
  }
  const size = first.length - 1;
  const xs = shares.map((share) => share[size] ?? 0);
  if (new Set(xs).size !== xs.length) throw failed('duplicate part detected');
  if (xs.includes(0)) throw failed('a part is not a share');
  const weights = xs.map((x) => lagrangeAtZero(x, xs));
  const secret = new Uint8Array(size);
  for (let at = 0; at < size; at++) {
    let sum = 0;
    for (const [i, share] of shares.entries()) sum ^= multiply(share[at] ?? 0, weights[i] ?? 0);
    secret[at] = sum;
  }
  return secret;
}

function checkSplit(secret: Uint8Array, parts: number, threshold: number): void {
  if (secret.length === 0) throw failed('there is nothing to split');
  if (threshold < 2) throw failed('threshold must be at least 2');
  if (parts > 255) throw failed('parts cannot exceed 255');
  if (parts < threshold) throw failed('parts cannot be less than threshold');
}

function failed(reason: string): TidelockError {
  return new TidelockError('ERR_SHAMIR', `Shamir secret sharing: ${reason}`, {
    hint: 'A file with several key groups needs 2 <= shamir_threshold <= number of groups.',
  });
}

function evaluate(coefficients: Uint8Array, x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) {
    value = multiply(value, x) ^ (coefficients[i] ?? 0);
  }
  return value;
}

function lagrangeAtZero(x: number, xs: readonly number[]): number {
  let weight = 1;
  for (const other of xs) {
    if (other !== x) weight = multiply(weight, multiply(other, inverse(x ^ other)));
  }
  return weight;
}

/** Product in GF(2^8) of the AES polynomial 0x11b; no table and no branch depends on the operands. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = a;
  for (let bit = 0; bit < 8; bit++) {
    product ^= -((b >> bit) & 1) & factor;
    factor = ((factor << 1) ^ (-(factor >> 7) & 0x11b)) & 0xff;
  }
  return product;
}

/** a^254, which is 1/a. */
function inverse(a: number): number {
  let result = 1;
  let power = a;
  for (let bit = 1; bit < 8; bit++) {
    power = multiply(power, power);
    result = multiply(result, power);
  }
  return result;
}
