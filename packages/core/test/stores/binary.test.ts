import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { findEntry, mapOf, stringLeaf } from '../../src/document/document.ts';
import { binaryStore, plainBinary } from '../../src/stores/binary.ts';
import { bytesOf, sopsBlock, TOKEN, textOfBytes } from './json-trees.ts';

const vector = (name: string): Uint8Array =>
  readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url));

test.each(['bin.enc.dat', 'text.enc.txt'])('%s of the real sops', (name) => {
  const document = binaryStore.parse(vector(name));
  expect(document.format).toBe('binary');
  expect(textOfBytes(binaryStore.emit(document))).toBe(textOfBytes(vector(name)));
  expect(textOfBytes(binaryStore.emitCanonical(document))).toBe(textOfBytes(vector(name)));
});

test('bytes go in and come out as they are', () => {
  const bytes = vector('bin.dat');
  expect(binaryStore.emit(plainBinary(bytes))).toEqual(bytes);
  expect(binaryStore.emit(plainBinary(new Uint8Array()))).toEqual(new Uint8Array());
});

test('an encrypted file is JSON, a decrypted one is raw', () => {
  const block = sopsBlock();
  const encrypted = binaryStore.emit({
    ...plainBinary(bytesOf('x')),
    branches: [mapOf([['data', stringLeaf(TOKEN)]])],
    block,
  });
  const document = binaryStore.parse(encrypted);
  expect(document.block).toMatchObject({ kind: 'map' });
  const opened = {
    ...document,
    branches: [mapOf([['data', stringLeaf(Uint8Array.of(0, 255))]])],
    block: null,
  };
  expect(binaryStore.emit(opened)).toEqual(Uint8Array.of(0, 255));
});

describe('errors', () => {
  test('what is not JSON', () => {
    expect(() => binaryStore.parse(bytesOf('hello'))).toThrow(
      expect.objectContaining({ code: 'ERR_PARSE' }),
    );
  });

  test.each([
    mapOf([]),
    mapOf([['data', mapOf([])]]),
    mapOf([['x', stringLeaf('')]]),
    mapOf([
      ['data', stringLeaf('')],
      ['lost', stringLeaf('x')],
    ]),
  ])('what is not a binary document', (branch) => {
    expect(() =>
      binaryStore.emit({ format: 'yaml', branches: [branch], block: null, origin: null }),
    ).toThrow(expect.objectContaining({ code: 'ERR_EMIT' }));
  });

  test('a file beyond the limit', () => {
    expect(() => plainBinary({ length: 2 ** 31 } as Uint8Array)).toThrow(
      expect.objectContaining({ code: 'ERR_TOO_LARGE' }),
    );
  });
});

test('a hundred megabytes pass', () => {
  const token = `ENC[AES256_GCM,data:${'A'.repeat(133_333_336)},iv:BBBB,tag:CC==,type:str]`;
  const encrypted = binaryStore.emit({
    ...plainBinary(new Uint8Array()),
    branches: [mapOf([['data', stringLeaf(token)]])],
    block: sopsBlock(),
  });
  const again = binaryStore.parse(encrypted);
  const branch = again.branches[0] ?? mapOf([]);
  expect(findEntry(branch, 'data')?.value).toMatchObject({ scalar: { value: token } });
}, 30_000);
