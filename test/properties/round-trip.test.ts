import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decryptText, emit, encryptText, parse } from '../support/in-process.ts';
import { dotenvTexts, INI_BOXES, iniTexts, jsonTexts } from '../support/other-documents.ts';
import { yamlTexts } from '../support/yaml-documents.ts';

const RUNS = 300;

const FORMATS = [
  { name: 'yaml', format: 'yaml', texts: yamlTexts({ restorable: true }) },
  {
    name: 'yaml with CRLF',
    format: 'yaml',
    texts: yamlTexts({ restorable: true, newline: '\r\n' }),
  },
  { name: 'json', format: 'json', texts: jsonTexts() },
  { name: 'dotenv', format: 'dotenv', texts: dotenvTexts() },
  { name: 'dotenv with CRLF', format: 'dotenv', texts: dotenvTexts('\r\n') },
  { name: 'ini', format: 'ini', texts: iniTexts() },
  { name: 'ini with comments in boxes', format: 'ini', texts: iniTexts(INI_BOXES) },
] as const;

describe.each(FORMATS)('$name', ({ format, texts }) => {
  it('emit(parse(x)) is x', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(emit(parse(format, text))).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });

  it('encrypt in place, then decrypt in place, gives back the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(texts, async (text) => {
        const encrypted = await encryptText(format, text);
        expect(await decryptText(format, encrypted)).toBe(text);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('yaml with spellings that do not come back', () => {
  it('keeps every value', async () => {
    await fc.assert(
      fc.asyncProperty(yamlTexts(), async (text) => {
        const back = await decryptText('yaml', await encryptText('yaml', text));
        expect(await decryptText('yaml', await encryptText('yaml', back))).toBe(back);
      }),
      { numRuns: RUNS },
    );
  });
});
