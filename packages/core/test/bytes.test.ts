import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64 } from '../src/bytes.ts';

/** RFC 4648 section 4 with padding, line breaks aside. */
const STANDARD = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const characters = fc.constantFrom(
  'A',
  'b',
  '9',
  '+',
  '/',
  '=',
  '-',
  '_',
  ' ',
  '\n',
  '\r',
  'Ł',
  '\0',
);

describe('fromBase64', () => {
  it('takes standard padded base64 and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: characters, maxLength: 13 }), (text) => {
        const standard = STANDARD.test(text.replace(/[\r\n]/g, ''));
        expect(fromBase64(text) !== null).toBe(standard);
      }),
      { numRuns: 3000 },
    );
  });

  it('reads back what toBase64 wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect([...(fromBase64(toBase64(bytes)) ?? [])]).toEqual([...bytes]);
      }),
    );
  });

  it('ignores unused bits, as Go does', () => {
    expect(fromBase64('QQ==')).toEqual(fromBase64('QR=='));
  });
});
