import { isPlainPath, pathFromBytes, pathToBytes } from '@tidelock/git';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const piece = fc.oneof(
  fc.uint8Array({ maxLength: 6 }),
  fc
    .constantFrom('\\', '\\x', '\\xFF', '\\x5C', 'é', '\u{1f600}', '\ufffd', 'a/b')
    .map((text) => Buffer.from(text)),
);
const name = fc.array(piece, { maxLength: 8 }).map((pieces) => Buffer.concat(pieces));

test('a name comes back byte for byte, so two names never share a text', () => {
  fc.assert(
    fc.property(name, (bytes) => {
      expect(Buffer.from(pathToBytes(pathFromBytes(bytes)))).toEqual(bytes);
    }),
    { numRuns: 500 },
  );
});

test('only what is not valid UTF-8 is escaped', () => {
  expect(pathFromBytes(Buffer.from('é/\u{1f600} \\n'))).toBe('é/\u{1f600} \\n');
  expect(pathFromBytes(Buffer.from([0x61, 0xff, 0xc3, 0xa9]))).toBe('a\\xFFé');
  expect(pathFromBytes(Buffer.from('\\xFF'))).toBe('\\x5CxFF');
  expect(isPlainPath('a\\xFF')).toBe(false);
  expect(isPlainPath('a\\n')).toBe(true);
});
