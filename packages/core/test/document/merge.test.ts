import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Comment,
  type MapNode,
  mapOf,
  stringLeaf,
  type Value,
} from '../../src/document/document.ts';
import { equalValues, mergeValue } from '../../src/document/merge.ts';

function tree(value: unknown): Value {
  if (Array.isArray(value)) return { kind: 'list', elements: value.map(tree) };
  if (value instanceof Map) return mapOf([...value].map(([k, v]) => [String(k), tree(v)] as const));
  if (typeof value === 'object' && value !== null) return tree(new Map(Object.entries(value)));
  return stringLeaf(String(value));
}

function map(value: unknown): MapNode {
  const node = tree(value);
  if (node.kind !== 'map') throw new Error('not a map');
  return node;
}

function at(node: Value | undefined, ...path: (string | number)[]): Value | undefined {
  let here = node;
  for (const part of path) {
    if (here?.kind === 'map') {
      const item = here.items.find((i) => i.kind === 'entry' && i.key === part);
      here = item?.kind === 'entry' ? item.value : undefined;
    } else if (here?.kind === 'list') {
      const element = here.elements[Number(part)];
      here = element?.kind === 'comment' ? undefined : element;
    } else return undefined;
  }
  return here;
}

const keys = (node: Value) =>
  node.kind === 'map' ? node.items.map((i) => (i.kind === 'entry' ? i.key : `#${i.text}`)) : [];

describe('mergeValue', () => {
  it('returns the old node where nothing changed', () => {
    const old = tree({ age: [{ enc: 'a', recipient: 'r1' }], mac: 'm' });
    expect(mergeValue(old, tree({ age: [{ enc: 'a', recipient: 'r1' }], mac: 'm' }))).toBe(old);
  });

  it('shares what a changed mac leaves alone', () => {
    const old = tree({
      age: [{ enc: 'a', recipient: 'r1' }],
      lastmodified: '1',
      mac: 'm',
      version: '3',
    });
    const merged = mergeValue(
      old,
      tree({ age: [{ enc: 'a', recipient: 'r1' }], lastmodified: '2', mac: 'n', version: '3' }),
    );
    expect(at(merged, 'age')).toBe(at(old, 'age'));
    expect(at(merged, 'version')).toBe(at(old, 'version'));
    expect(at(merged, 'mac')).toEqual(stringLeaf('n'));
  });

  it('keeps the order of the old keys and puts new ones behind their neighbours', () => {
    const old = tree({ version: '3', mac: 'm', age: [] });
    const merged = mergeValue(old, tree({ a: '1', age: [], kms: '2', mac: 'm', version: '4' }));
    expect(keys(merged)).toEqual(['a', 'version', 'mac', 'age', 'kms']);
  });

  it('drops removed keys', () => {
    expect(keys(mergeValue(tree({ a: 1, b: 2, c: 3 }), tree({ a: 1, c: 3 })))).toEqual(['a', 'c']);
  });

  it('finds master keys again when one is added in front or removed', () => {
    const old = tree([
      { enc: '1', recipient: 'r1' },
      { enc: '2', recipient: 'r2' },
      { enc: '3', recipient: 'r3' },
    ]);
    const added = mergeValue(
      old,
      tree([
        { enc: '0', recipient: 'r0' },
        { enc: 'x', recipient: 'r1' },
        { enc: '2', recipient: 'r2' },
        { enc: '3', recipient: 'r3' },
      ]),
    );
    expect(at(added, 1, 'recipient')).toBe(at(old, 0, 'recipient'));
    expect(at(added, 1, 'enc')).toEqual(stringLeaf('x'));
    expect(at(added, 3)).toBe(at(old, 2));
    const removed = mergeValue(
      old,
      tree([
        { enc: '1', recipient: 'r1' },
        { enc: '3', recipient: 'r3' },
      ]),
    );
    expect(at(removed, 1)).toBe(at(old, 2));
  });

  it('keeps comments of the old tree', () => {
    const comment: Comment = { kind: 'comment', text: ' why', inline: false };
    const base = map({ a: 1, b: 2 });
    const old: MapNode = { ...base, items: [comment, ...base.items] };
    expect(mergeValue(old, tree({ a: 1, b: 2 }))).toBe(old);
    expect(keys(mergeValue(old, tree({ a: 1, b: 3 })))).toEqual(['# why', 'a', 'b']);
  });

  it('treats keys such as __proto__ as any other', () => {
    const old = tree(
      new Map([
        ['__proto__', 'a'],
        ['constructor', 'b'],
        ['10', 'c'],
        ['2', 'd'],
      ]),
    );
    const next = tree(
      new Map([
        ['__proto__', 'a'],
        ['constructor', 'x'],
        ['10', 'c'],
        ['2', 'd'],
      ]),
    );
    expect(keys(mergeValue(old, next))).toEqual(['__proto__', 'constructor', '10', '2']);
  });

  it('is equal in value to what was asked for, but for the order of keys', () => {
    const json = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('a', 'b', 'c'),
        fc.array(tie('node'), { maxLength: 4 }),
        fc.dictionary(fc.constantFrom('recipient', 'enc', 'fp', 'x', 'y'), tie('node'), {
          maxKeys: 4,
        }),
      ),
    })).node;
    fc.assert(
      fc.property(json, json, (a, b) => {
        const merged = mergeValue(tree(a), tree(b));
        expect(plain(merged)).toEqual(plain(tree(b)));
        expect(mergeValue(merged, tree(b))).toEqual(merged);
        expect(equalValues(tree(a), tree(a))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

function plain(node: Value): unknown {
  if (node.kind === 'leaf') return node.scalar;
  if (node.kind === 'list')
    return node.elements.map((e) => (e.kind === 'comment' ? null : plain(e)));
  return Object.fromEntries(
    node.items.flatMap((i) => (i.kind === 'entry' ? [[i.key, plain(i.value)]] : [])),
  );
}
