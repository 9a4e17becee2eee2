import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValueSearch } from '../../src/migrate/value-search.ts';

const value = fc.string({ minLength: 8, maxLength: 24 });
const forms = (text: string) => {
  const bytes = Buffer.from(text);
  return [bytes, Buffer.from(bytes.toString('base64')), Buffer.from(bytes.toString('hex'))];
};

describe('a search for values', () => {
  it('finds each in any text, as it is, in base64 and in hexadecimal', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), fc.string(), fc.nat(), (values, around, n) => {
        const wanted = forms(values[n % values.length] ?? '')[n % 3] ?? Buffer.alloc(0);
        const text = Buffer.concat([Buffer.from(around), wanted, Buffer.from(around)]);
        expect(new ValueSearch(values).isIn(text)).toBe(true);
      }),
    );
  });

  it('finds what a base64 value of data is, and nothing in texts without any', () => {
    const search = new ValueSearch([Buffer.from('a long enough password').toString('base64')]);
    expect(search.isIn(Buffer.from('x a long enough password x'))).toBe(true);
    expect(search.isIn(Buffer.from('x a long enough passwort x'))).toBe(false);
    expect(new ValueSearch(['short']).isIn(Buffer.from('short'))).toBe(false);
    expect(new ValueSearch([]).isIn(Buffer.from('anything'))).toBe(false);
  });
});
