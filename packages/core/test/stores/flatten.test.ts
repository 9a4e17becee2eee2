import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MapNode } from '../../src/document/document.ts';
import { mapOf, stringLeaf } from '../../src/document/document.ts';
import { flatten, unflatten } from '../../src/stores/flatten.ts';
import { oddText, plainTree, sopsBlock } from './json-trees.ts';

test('the layout of sops', () => {
  const block: MapNode = mapOf([
    ['version', stringLeaf('3')],
    ['shamir_threshold', { kind: 'leaf', scalar: { type: 'int', value: 2n } }],
    ['mac_only_encrypted', { kind: 'leaf', scalar: { type: 'bool', value: true } }],
    ['hc_vault', { kind: 'list', elements: [] }],
    ['kms', { kind: 'list', elements: [mapOf([['context', mapOf([['k', stringLeaf('v')]])]])] }],
  ]);
  expect(flatten(block)).toEqual([
    ['kms__list_0__map_context__map_k', 'v'],
    ['mac_only_encrypted', 'true'],
    ['shamir_threshold', '2'],
    ['version', '3'],
  ]);
});

test('keys that are no separators stay whole', () => {
  expect(
    flatten(
      unflatten([
        ['a__b_map_c', 'x'],
        ['__proto__', 'y'],
        ['', 'z'],
      ]),
    ),
  ).toEqual([
    ['', 'z'],
    ['__proto__', 'y'],
    ['a__b_map_c', 'x'],
  ]);
});

test.each([
  [['a__list_999999999']],
  [['a__list_1']],
  [['a__list_0', 'a__list_2']],
  [['a__list_x']],
  [['a__list_-1']],
  [['a__list_99999999999999999999']],
  [['a', 'a']],
  [['a__list_0', 'a__list_0']],
  [['a', 'a__map_b']],
  [['a__map_b', 'a']],
  [['a__list_0', 'a__map_b']],
  [[`a${'__map_b'.repeat(100_000)}`]],
])('refuses %.60j', (keys) => {
  expect(() => unflatten(keys.map((key) => [key, 'x'] as const))).toThrow(
    expect.objectContaining({ code: 'ERR_METADATA' }),
  );
});

const nested = fc.letrec((tie) => {
  const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', '10', 'key_id', 'x_y');
  const leaf = oddText.map((text) => stringLeaf(text));
  const map = fc
    .uniqueArray(fc.tuple(key, fc.oneof(leaf, tie('map'), tie('list'))), {
      minLength: 1,
      maxLength: 4,
      selector: ([k]) => k,
    })
    .map((pairs) => mapOf(pairs as [string, MapNode][]));
  const list = fc
    .array(fc.oneof(leaf, tie('map')), { minLength: 1, maxLength: 12 })
    .map((elements) => ({ kind: 'list' as const, elements }));
  return { map: fc.oneof({ depthSize: 'small', maxDepth: 4 }, map, map), list };
});

test('unflatten undoes flatten, whatever the order of the lines', () => {
  fc.assert(
    fc.property(nested.map, fc.boolean(), (map, reverse) => {
      const pairs = flatten(map as MapNode);
      const again = flatten(unflatten(reverse ? [...pairs].reverse() : pairs));
      expect(again).toEqual(pairs);
    }),
    { numRuns: 200 },
  );
});

test('a block of sops comes back whole', () => {
  expect(plainTree(unflatten(flatten(sopsBlock(12))))).not.toBeNull();
  expect(flatten(unflatten(flatten(sopsBlock(12))))).toEqual(flatten(sopsBlock(12)));
});

test('any keys end in a map or an error', () => {
  const key = fc.array(fc.constantFrom('a', '__map_', '__list_', '0', '1', '_', '9'), {
    maxLength: 8,
  });
  fc.assert(
    fc.property(fc.array(key, { maxLength: 6 }), (keys) => {
      try {
        unflatten(keys.map((parts) => [parts.join(''), ''] as const));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ERR_METADATA' });
      }
    }),
  );
});
