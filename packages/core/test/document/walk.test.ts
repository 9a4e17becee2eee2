import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MapNode, Value } from '../../src/document/document.ts';
import { aadOf, formatTreePath, treePathOf } from '../../src/document/path.ts';
import { type CommentChain, mapLeaves, walkLeaves } from '../../src/document/walk.ts';
import { anyTree, comment, pairs, tree } from './trees.ts';

function texts(chain: CommentChain | null): string[] {
  const found: string[] = [];
  for (let at = chain; at !== null; at = at.previous) found.unshift(at.text);
  return found;
}

const COMMENT_TOKEN = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]';

function commentsSeen(root: MapNode, encrypted: boolean): Record<string, string[]> {
  const seen: Record<string, string[]> = {};
  walkLeaves(
    [root],
    (leaf, { place, comments }) => {
      if (leaf.kind === 'leaf') seen[formatTreePath(treePathOf(place))] = texts(comments);
    },
    { encrypted },
  );
  return seen;
}

describe('walkLeaves', () => {
  it('goes in file order and names every place', () => {
    const root = tree(
      pairs(
        comment('top'),
        ['a', 'x'],
        ['l', [comment('in list'), 'y', ['z'], pairs(['k', 'w'])]],
        ['m', pairs(comment('in map'), ['__proto__', 'v'])],
      ),
    );
    const seen: string[] = [];
    walkLeaves([root, root], (leaf, { place, inList }) => {
      const what = leaf.kind === 'comment' ? `#${leaf.text}` : formatTreePath(treePathOf(place));
      seen.push(`${what} ${aadOf(place)}${inList ? ' listed' : ''}`);
    });
    const once = [
      '#top :',
      '["a"] a:',
      '#in list l: listed',
      '["l"][1] l: listed',
      '["l"][2][0] l: listed',
      '["l"][3]["k"] l:k:',
      '#in map m:',
      '["m"]["__proto__"] m:__proto__:',
    ];
    expect(seen).toEqual([...once, ...once]);
  });

  it('knows the comments before an entry and before all around it', () => {
    const root = tree(
      pairs(
        comment('1'),
        comment('2'),
        ['a', pairs(comment('3'), ['b', 'x'], ['c', 'x'])],
        ['d', 'x'],
        comment('4'),
        ['l', [comment('5'), 'x', 'y']],
      ),
    );
    expect(commentsSeen(root, false)).toEqual({
      '["a"]["b"]': ['1', '2', '3'],
      '["a"]["c"]': ['1', '2'],
      '["d"]': [],
      '["l"][1]': ['4', '5'],
      '["l"][2]': ['4'],
    });
  });

  it('takes a list element that is a comment token for a comment, in encrypted trees only', () => {
    const root = tree(pairs(['l', [COMMENT_TOKEN, 'x', 'y']]));
    expect(commentsSeen(root, true)['["l"][1]']).toEqual([COMMENT_TOKEN]);
    expect(commentsSeen(root, true)['["l"][2]']).toEqual([]);
    expect(commentsSeen(root, false)['["l"][1]']).toEqual([]);
  });

  it('goes 1,000 levels deep and refuses to overflow', () => {
    const nested = (depth: number): MapNode => {
      let value: Value = { kind: 'leaf', scalar: { type: 'str', value: 'x' } };
      for (let i = 0; i < depth; i++) {
        value =
          i % 2 === 0
            ? { kind: 'list', elements: [value] }
            : { kind: 'map', items: [{ kind: 'entry', key: 'k', value }] };
      }
      return { kind: 'map', items: [{ kind: 'entry', key: 'root', value }] };
    };
    let leaves = 0;
    walkLeaves([nested(1000)], () => {
      leaves += 1;
    });
    expect(leaves).toBe(1);
    expect(() => walkLeaves([nested(100_000)], () => undefined)).toThrow(
      expect.objectContaining({ code: 'ERR_TOO_DEEP' }),
    );
  });
});

describe('mapLeaves', () => {
  it('gives back the same objects when nothing changes', () => {
    fc.assert(
      fc.property(fc.array(anyTree), (branches) => {
        expect(mapLeaves(branches, (leaf) => leaf)).toBe(branches);
      }),
    );
  });

  it('shares all but the way to what changed', () => {
    const root = tree(pairs(['a', pairs(['x', '1'])], ['b', pairs(['y', '2'], ['z', '3'])]));
    const [mapped] = mapLeaves([root], (leaf, { place }) =>
      place.step === 'y' ? { kind: 'leaf', scalar: { type: 'null' } } : leaf,
    );
    expect(mapped).not.toBe(root);
    expect(mapped?.items[0]).toBe(root.items[0]);
    const [before, after] = [root.items[1], mapped?.items[1]].map((item) =>
      item?.kind === 'entry' && item.value.kind === 'map' ? item.value.items : [],
    );
    expect(after?.[0]).not.toBe(before?.[0]);
    expect(after?.[1]).toBe(before?.[1]);
  });
});
