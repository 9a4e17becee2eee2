import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatToken, isToken, parseToken, splitToken, tokenType } from '../../src/cipher/token.ts';

/** sops' own pattern, as the oracle; its backtracking is harmless on short texts. */
// A dot in Go is anything but a line feed; in JavaScript also but a carriage return.
const ORACLE = /^ENC\[AES256_GCM,data:([^\n]+),iv:([^\n]+),tag:([^\n]+),type:([^\n]+)\]/;

function byOracle(text: string) {
  const match = ORACLE.exec(text.split('\n', 1)[0] ?? '');
  if (match === null) return null;
  const [, data, iv, tag, type] = match;
  return { data, iv, tag, type };
}

const pieces = fc.constantFrom(
  'ENC[AES256_GCM,data:',
  'data:',
  ',iv:',
  ',tag:',
  ',type:',
  ']',
  '\n',
  '\r',
  'a',
  'AA==',
  'str',
  '',
);

describe('splitToken', () => {
  it('agrees with the pattern of sops on everything made of its parts', () => {
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 20 }), (parts) => {
        const text = `ENC[AES256_GCM,data:${parts.join('')}`;
        expect(splitToken(text)).toEqual(byOracle(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('agrees with it on any text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(splitToken(text)).toEqual(byOracle(text));
      }),
    );
  });

  it('ignores what follows the last bracket', () => {
    const text = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str] trailing';
    expect(tokenType(text)).toBe('str');
  });

  it.each([
    'ENC[AES256_GCM,data:,iv:AA==,tag:AA==,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:,tag:AA==,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:AA==,tag:,type:str]',
    'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:]',
    'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str',
    ' ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]',
    'ENC[AES256_GCM,data:AA==\n,iv:AA==,tag:AA==,type:str]',
  ])('refuses %j', (text) => {
    expect(isToken(text)).toBe(false);
  });

  it('takes linear time on a text made to backtrack', () => {
    const text = `ENC[AES256_GCM,data:${',iv:,tag:,type:'.repeat(200_000)}`;
    expect(splitToken(text)).toBeNull();
  });
});

describe('parseToken', () => {
  it('reads back what formatToken wrote', () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(bytes, bytes, bytes, (data, iv, tag) => {
        const token = parseToken(formatToken({ data, iv, tag, type: 'str' }));
        expect(token).not.toBeNull();
        expect([token?.data, token?.iv, token?.tag].map((part) => [...(part ?? [])])).toEqual(
          [data, iv, tag].map((part) => [...part]),
        );
      }),
    );
  });

  it('refuses fields that are not padded base64', () => {
    expect(parseToken('ENC[AES256_GCM,data:AA,iv:AA==,tag:AA==,type:str]')).toBeNull();
    expect(parseToken('ENC[AES256_GCM,data:A_==,iv:AA==,tag:AA==,type:str]')).toBeNull();
  });
});
