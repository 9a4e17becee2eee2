import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LineIndex, positionAt } from '../../src/document/position.ts';

test('counts lines at line feeds and columns in UTF-16 units', () => {
  const text = 'a\r\nb😀c\n';
  expect(positionAt(text, 0)).toEqual({ line: 1, column: 1 });
  expect(positionAt(text, text.indexOf('c'))).toEqual({ line: 2, column: 4 });
  expect(positionAt(text, text.length)).toEqual({ line: 3, column: 1 });
  expect(positionAt(text, 999)).toEqual({ line: 3, column: 1 });
  expect(positionAt('', 0)).toEqual({ line: 1, column: 1 });
});

test('the index agrees with the single look-up', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\n', '\r', 'é') }),
      fc.nat(40),
      (text, at) => {
        expect(new LineIndex(text).positionAt(at)).toEqual(positionAt(text, at));
      },
    ),
  );
});

test('the index says where a line begins', () => {
  const index = new LineIndex('ab\nc\n');
  expect([1, 2, 3, 4].map((line) => index.startOf(line))).toEqual([0, 3, 5, 5]);
  expect(index.lineCount).toBe(3);
});
