import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getAt, setAt, unsetAt } from '../../src/document/edit.ts';
import { equalValues } from '../../src/document/merge.ts';
import { treePathOf } from '../../src/document/path.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { anyTree, comment, literal, pairs, tree } from './trees.ts';

const ROOT = tree(
  pairs(
    ['a', 1n],
    ['a', 2n],
    ['l', [comment('c'), 'x', pairs(['k', 'v'])]],
    ['m', pairs(['n', 'o'])],
  ),
);

const notFound = expect.objectContaining({ code: 'ERR_PATH_NOT_FOUND' });

describe('getAt', () => {
  it('takes the first of equal keys and counts comments as elements', () => {
    expect(getAt(ROOT, ['a'])).toEqual(literal(1n));
    expect(getAt(ROOT, ['l', 1])).toEqual(literal('x'));
    expect(getAt(ROOT, ['l', 2, 'k'])).toEqual(literal('v'));
    expect(getAt(ROOT, [])).toBe(ROOT);
  });

  it.each([
    [['z']],
    [['l', 9]],
    [['l', 'k']],
    [['m', 0]],
    [['a', 'b']],
    [['l', 0]],
    [['__proto__']],
  ])('finds nothing at %j', (path) => {
    expect(() => getAt(ROOT, path)).toThrow(notFound);
  });
});

describe('setAt', () => {
  it('appends missing keys, lists of one and elements beyond the end', () => {
    const path = ['new', 0, 'deep'];
    expect(getAt(setAt(ROOT, path, literal('x')), path)).toEqual(literal('x'));
    const appended = setAt(ROOT, ['l', 99], literal('end'));
    expect(getAt(appended, ['l', 3])).toEqual(literal('end'));
    const built = setAt(ROOT, ['l', 99, 'k'], literal('end'));
    expect(getAt(built, ['l', 3, 'k'])).toEqual(literal('end'));
  });

  it('replaces a scalar on the way', () => {
    expect(getAt(setAt(ROOT, ['m', 'n', 'deep'], literal(true)), ['m', 'n'])).toEqual(
      literal(pairs(['deep', true])),
    );
  });

  it('shares what it does not touch, and the root when nothing changes', () => {
    const next = setAt(ROOT, ['m', 'n'], literal('p'));
    expect(next.items.slice(0, 3)).toEqual(ROOT.items.slice(0, 3));
    expect(next.items[2]).toBe(ROOT.items[2]);
    expect(setAt(ROOT, ['l', 1], getAt(ROOT, ['l', 1]))).toBe(ROOT);
  });

  it('refuses a key into a list and an index into a map', () => {
    expect(() => setAt(ROOT, ['l', 'k'], literal('x'))).toThrow(notFound);
    expect(() => setAt(ROOT, ['m', 0], literal('x'))).toThrow(notFound);
    expect(() => setAt(ROOT, [], literal('x'))).toThrow(
      expect.objectContaining({ code: 'ERR_TREE_PATH' }),
    );
  });
});

describe('unsetAt', () => {
  it('removes the first of equal keys, elements and nested entries', () => {
    expect(getAt(unsetAt(ROOT, ['a']), ['a'])).toEqual(literal(2n));
    expect(getAt(unsetAt(ROOT, ['l', 1]), ['l', 1])).toEqual(literal(pairs(['k', 'v'])));
    expect(getAt(unsetAt(ROOT, ['m', 'n']), ['m'])).toEqual(literal(pairs()));
  });

  it('says what is missing as sops does', () => {
    expect(() => unsetAt(ROOT, ['x'])).toThrow('Key not found: x');
    expect(() => unsetAt(ROOT, ['l', 9])).toThrow('Index 9 out of bounds');
    expect(() => unsetAt(ROOT, ['l', 9, 'k'])).toThrow(notFound);
    expect(() => unsetAt(ROOT, ['a', 'b'])).toThrow(notFound);
  });

  it('undoes what set appended, anywhere in any tree', () => {
    fc.assert(
      fc.property(anyTree, fc.nat(), (root, seed) => {
        const places = [[]] as (string | number)[][];
        walkLeaves([root], (leaf, { place }) => {
          if (leaf.kind === 'comment' && typeof place.step !== 'number') {
            places.push([...treePathOf(place)]);
          }
        });
        const inside = places[seed % places.length] ?? [];
        const target = tryGet(root, inside);
        if (target?.kind !== 'map') return;
        const path = [...inside, 'a key of no tree'];
        const restored = unsetAt(setAt(root, path, literal('x')), path);
        expect(equalValues(restored, root)).toBe(true);
      }),
    );
  });
});

function tryGet(root: Parameters<typeof getAt>[0], path: (string | number)[]) {
  try {
    return getAt(root, path);
  } catch {
    return null;
  }
}
