import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combineShares, splitSecret } from '../../src/cipher/shamir.ts';
import { DATA_KEYS, dataKeyOf } from '../operations/vectors.ts';

const sizes = fc
  .tuple(fc.integer({ min: 2, max: 12 }), fc.integer({ min: 2, max: 12 }))
  .map(([a, b]) => ({ parts: Math.max(a, b), threshold: Math.min(a, b) }));

describe('Shamir shares', () => {
  it('give the secret back, any threshold of them and in any order', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.uint8Array({ minLength: 1, maxLength: 40 }),
        fc.nat(),
        (size, secret, seed) => {
          const shares = splitSecret(secret, size.parts, size.threshold, randomBytes);
          const chosen = shares
            .map((share, i) => ({ share, rank: (i * 7919 + seed) % 101 }))
            .sort((a, b) => a.rank - b.rank)
            .slice(0, size.threshold)
            .map(({ share }) => share);
          expect(combineShares(chosen)).toEqual(secret);
          expect(combineShares(shares)).toEqual(secret);
        },
      ),
    );
  });

  it('number themselves from 1, in the last byte', () => {
    const shares = splitSecret(randomBytes(32), 3, 2, randomBytes);
    expect(shares.map((share) => [share.length, share[32]])).toEqual([
      [33, 1],
      [33, 2],
      [33, 3],
    ]);
  });

  it('work up to 255 parts', () => {
    const secret = randomBytes(32);
    const shares = splitSecret(secret, 255, 255, randomBytes);
    expect(Buffer.from(combineShares(shares))).toEqual(secret);
  });

  it('of the real sops combine, every pair of them', () => {
    const names = Object.keys(DATA_KEYS).filter((name) => name.startsWith('shamir'));
    expect(names.length).toBe(4);
    for (const name of names) {
      const shares = (DATA_KEYS[name] ?? []).map(({ hex }) => Buffer.from(hex, 'hex'));
      const [a, b, c] = shares;
      if (a === undefined || b === undefined || c === undefined) throw new Error('three shares');
      for (const pair of [
        [a, b],
        [a, c],
        [c, b],
      ]) {
        expect(combineShares(pair)).toEqual(dataKeyOf(name));
      }
    }
  });

  it.each([
    [3, 1, 'threshold must be at least 2'],
    [2, 3, 'parts cannot be less than threshold'],
    [256, 2, 'parts cannot exceed 255'],
  ])('refuse %i parts of threshold %i', (parts, threshold, message) => {
    expect(() => splitSecret(randomBytes(32), parts, threshold, randomBytes)).toThrow(message);
  });

  it('refuse to combine what does not belong together', () => {
    const [a, b] = splitSecret(randomBytes(32), 2, 2, randomBytes);
    if (a === undefined || b === undefined) throw new Error('two shares');
    expect(() => combineShares([a])).toThrow('less than two parts');
    expect(() => combineShares([a, a])).toThrow('duplicate part detected');
    expect(() => combineShares([a, b.subarray(1)])).toThrow('different lengths');
    expect(() => combineShares([Uint8Array.of(1), Uint8Array.of(2)])).toThrow('too short');
  });
});
