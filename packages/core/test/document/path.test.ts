import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  aadOf,
  formatTreePath,
  parseTreePath,
  placeBelow,
  ROOT_PLACE,
  treePathOf,
} from '../../src/document/path.ts';

describe('parseTreePath', () => {
  it.each([
    ['["a"]', ['a']],
    [`['a']["b"][0]`, ['a', 'b', 0]],
    ['', []],
    ['["a[b]"]', ['a[b]']],
    ['["a\\"b"]', ['a\\"b']],
    ['[12][3]', [12, 3]],
    ['[""]', ['']],
  ])('reads %s', (text, path) => {
    expect(parseTreePath(text)).toEqual(path);
  });

  it.each([
    'a',
    '["a"',
    '[a]',
    '["a"]b',
    '[-1]',
    '[]',
    '["a]',
    '[1.5]',
    '[99999999999999999]',
    '["a"] ',
  ])('refuses %s', (text) => {
    expect(() => parseTreePath(text)).toThrow(expect.objectContaining({ code: 'ERR_TREE_PATH' }));
  });

  it('reads back what formatTreePath wrote', () => {
    const step = fc.oneof(
      fc.nat(),
      fc.string().filter((key) => !key.includes(']')),
    );
    fc.assert(
      fc.property(fc.array(step), (path) => {
        expect(parseTreePath(formatTreePath(path))).toEqual(path);
      }),
    );
  });

  it('ends on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('[', ']', '"', "'", 'a', '0') }), (text) => {
        try {
          parseTreePath(text);
        } catch (error) {
          expect(error).toMatchObject({ code: 'ERR_TREE_PATH' });
        }
      }),
    );
  });
});

describe('aadOf', () => {
  it('is the map keys alone, each with a colon, and a colon for the root', () => {
    const place = placeBelow(placeBelow(placeBelow(ROOT_PLACE, 'a'), 3), 'b');
    expect(aadOf(place)).toBe('a:b:');
    expect(treePathOf(place)).toEqual(['a', 3, 'b']);
    expect(aadOf(ROOT_PLACE)).toBe(':');
    expect(aadOf(placeBelow(ROOT_PLACE, ''))).toBe(':');
  });
});
