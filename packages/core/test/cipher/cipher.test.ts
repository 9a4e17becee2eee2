import { createCipheriv, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCipher } from '../../src/cipher/cipher.ts';
import type { ValueScalar } from '../../src/cipher/scalar.ts';
import { formatToken, parseToken } from '../../src/cipher/token.ts';
import { TidelockError } from '../../src/errors.ts';

const key = randomBytes(32);

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof TidelockError) return error.code;
    throw error;
  }
  return 'none';
}

/** A token as another writer may make it: any IV length, any split of data and tag, any type. */
function forge(
  plaintext: Uint8Array,
  aad: string,
  how: { iv?: number; tag?: number; type: string },
) {
  const iv = randomBytes(how.iv ?? 32);
  const cipher = createCipheriv('aes-256-gcm', key, iv);
  cipher.setAAD(Buffer.from(aad));
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  const at = sealed.length - (how.tag ?? 16);
  return formatToken({
    data: sealed.subarray(0, at),
    iv,
    tag: sealed.subarray(at),
    type: how.type,
  });
}

const scalars: fc.Arbitrary<ValueScalar> = fc.oneof(
  fc.record({ type: fc.constant('str' as const), value: fc.string({ unit: 'grapheme' }) }),
  fc.record({ type: fc.constant('int' as const), value: fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n) }),
  fc.record({ type: fc.constant('float' as const), value: fc.double() }),
  fc.record({ type: fc.constant('bool' as const), value: fc.boolean() }),
  fc.constant({ type: 'time' as const, value: '2001-12-14T21:59:43.1-05:00' }),
);

describe('a cipher', () => {
  it('opens what it sealed, with its type', () => {
    fc.assert(
      fc.property(scalars, fc.string(), (scalar, aad) => {
        const token = createCipher(key).seal(scalar, aad);
        const opened = createCipher(key).open(token, aad);
        expect(opened).toMatchObject({ kind: 'scalar', scalar });
      }),
    );
  });

  it('keeps bytes that are not UTF-8, and bytes as bytes when asked', () => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe]);
    const token = createCipher(key).seal({ type: 'str', value: bytes }, 'data:');
    expect(createCipher(key).open(token, 'data:')).toMatchObject({ scalar: { value: bytes } });
    const text = createCipher(key).seal({ type: 'str', value: 'abc' }, 'data:');
    expect(createCipher(key).open(text, 'data:', { asBytes: true })).toMatchObject({
      scalar: { value: Buffer.from('abc') },
    });
  });

  it('leaves the empty string as it is', () => {
    expect(createCipher(key).seal({ type: 'str', value: '' }, 'a:')).toBe('');
    expect(createCipher(key).sealComment('', ':')).toBe('');
    expect(createCipher(key).open('', 'a:')).toMatchObject({ scalar: { type: 'str', value: '' } });
  });

  it('never opens a token in which a bit was flipped', () => {
    const token = parseToken(createCipher(key).seal({ type: 'str', value: 'secret' }, 'a:'));
    if (token === null) throw new Error('no token');
    for (const field of ['data', 'iv', 'tag'] as const) {
      for (let bit = 0; bit < token[field].length * 8; bit++) {
        const bytes = Uint8Array.from(token[field]);
        bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const flipped = formatToken({ ...token, [field]: bytes });
        expect(codeOf(() => createCipher(key).open(flipped, 'a:'))).toBe('ERR_TOKEN');
      }
    }
  });

  it('binds a token to its path and its data key', () => {
    const token = createCipher(key).seal({ type: 'str', value: 'secret' }, 'a:');
    expect(codeOf(() => createCipher(key).open(token, 'b:'))).toBe('ERR_TOKEN');
    expect(codeOf(() => createCipher(randomBytes(32)).open(token, 'a:'))).toBe('ERR_TOKEN');
  });

  it('opens tokens with another length of IV, and never writes one', () => {
    const cipher = createCipher(key);
    const token = forge(Buffer.from('secret'), 'a:', { iv: 12, type: 'str' });
    expect(cipher.open(token, 'a:')).toMatchObject({ scalar: { value: 'secret' } });
    const again = parseToken(cipher.seal({ type: 'str', value: 'secret' }, 'a:'));
    expect(again?.iv.length).toBe(32);
  });

  it('counts only data and tag joined', () => {
    for (const tag of [1, 15, 17, 20]) {
      const token = forge(Buffer.from('secret'), 'a:', { tag, type: 'str' });
      expect(createCipher(key).open(token, 'a:')).toMatchObject({ scalar: { value: 'secret' } });
    }
  });

  it('reads the spellings that sops reads, and hashes them as sops would write them', () => {
    const open = (text: string, type: string) =>
      createCipher(key).open(forge(Buffer.from(text), 'a:', { type }), 'a:');
    expect(open('+5', 'int')).toMatchObject({ scalar: { type: 'int', value: 5n } });
    expect(Buffer.from((open('+5', 'int') as { plaintext: Uint8Array }).plaintext)).toEqual(
      Buffer.from('5'),
    );
    expect(open('t', 'bool')).toMatchObject({ scalar: { type: 'bool', value: true } });
    expect(open('raw', 'bytes')).toMatchObject({ scalar: { type: 'str', value: 'raw' } });
    expect(open('+Inf', 'float')).toMatchObject({ scalar: { value: Number.POSITIVE_INFINITY } });
  });

  it.each([
    ['9223372036854775808', 'int'],
    ['1_0', 'int'],
    ['', 'int'],
    ['yes', 'bool'],
    ['1,5', 'float'],
    ['2001-02-30T00:00:00Z', 'time'],
    ['x', 'secret'],
  ])('refuses %j as %s', (text, type) => {
    const token = forge(Buffer.from(`${text} `).subarray(0, -1), 'a:', { type });
    const code = codeOf(() => createCipher(key).open(token, 'a:'));
    expect(code).toBe(text === '' ? 'ERR_NOT_A_TOKEN' : 'ERR_TOKEN');
  });

  it('gives equal values their IVs back, in order, and fresh ones to all else', () => {
    const cipher = createCipher(key);
    const other = createCipher(key);
    const scalar: ValueScalar = { type: 'str', value: 'twice' };
    const tokens = [cipher.seal(scalar, 'l:'), cipher.seal(scalar, 'l:')];
    for (const token of tokens) other.open(token, 'l:');
    expect([other.seal(scalar, 'l:'), other.seal(scalar, 'l:')]).toEqual(tokens);
    expect(other.freshIvs).toBe(0);
    other.seal(scalar, 'm:');
    other.seal({ type: 'str', value: 'once' }, 'l:');
    expect(other.freshIvs).toBe(2);
  });

  it('never carries an IV over that two values shared', () => {
    const iv = randomBytes(32);
    const sealWith = (value: string) => {
      const gcm = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from('a:'));
      const data = Buffer.concat([gcm.update(value), gcm.final()]);
      return formatToken({ data, iv, tag: gcm.getAuthTag(), type: 'str' });
    };
    const cipher = createCipher(key);
    for (const value of ['one', 'two']) cipher.open(sealWith(value), 'a:');
    const rotated = cipher.withKey(randomBytes(32));
    const ivs = ['one', 'two'].map(
      (value) => parseToken(rotated.seal({ type: 'str', value }, 'a:'))?.iv,
    );
    expect(Buffer.from(ivs[0] ?? [])).not.toEqual(Buffer.from(ivs[1] ?? []));
  });

  it('keeps IVs under a new data key', () => {
    const cipher = createCipher(key);
    const scalar: ValueScalar = { type: 'int', value: 7n };
    const token = createCipher(key).seal(scalar, 'a:');
    cipher.open(token, 'a:');
    const rotated = cipher.withKey(randomBytes(32)).seal(scalar, 'a:');
    expect(rotated).not.toBe(token);
    expect(parseToken(rotated)?.iv).toEqual(parseToken(token)?.iv);
  });

  it('refuses a data key of another size', () => {
    expect(codeOf(() => createCipher(randomBytes(16)))).toBe('ERR_DATA_KEY_UNAVAILABLE');
  });

  it('says nothing of a value in its errors', () => {
    const token = forge(Buffer.from('canary-value'), 'a:', { type: 'int' });
    for (const [text, aad] of [
      [token, 'a:'],
      [token, 'b:'],
      ['canary-value', 'a:'],
    ] as const) {
      expect(() => createCipher(key).open(text, aad)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining('canary') }),
      );
    }
  });
});
