import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Comment, Document, Leaf, MapNode } from '../../src/document/document.ts';
import { findEntry } from '../../src/document/document.ts';
import { getAt, setAt, unsetAt } from '../../src/document/edit.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { decrypt } from '../../src/operations/decrypt.ts';
import { setValue, unsetValue } from '../../src/operations/edit-value.ts';
import { encrypt } from '../../src/operations/encrypt.ts';
import { parseSetValue } from '../../src/operations/parse-set-value.ts';
import { requireBlock } from '../../src/operations/require-metadata.ts';
import { anyTree, comment, literal, pairs, tree } from '../document/trees.ts';
import { data, LATER, options, plainDocument } from './documents.ts';
import { FakeKeyService } from './fake-key-service.ts';

const services = [new FakeKeyService('r:1')];
const ROOT = tree(
  pairs(
    comment(' note'),
    ['a', 'secret'],
    ['same', 'secret'],
    ['l', ['x', 'x', comment(' listed'), pairs(['k', 1n])]],
    ['b_unencrypted', 'plain'],
  ),
);

function leavesOf(document: Document): (Leaf | Comment)[] {
  const leaves: (Leaf | Comment)[] = [];
  walkLeaves(document.branches, (leaf) => leaves.push(leaf));
  return leaves;
}

async function sealed(root: MapNode = ROOT): Promise<Document> {
  return encrypt(plainDocument([root]), options());
}

async function plain(document: Document): Promise<unknown> {
  return data((await decrypt(document, { services })).document.branches);
}

describe('setValue', () => {
  it('changes that leaf, the MAC and lastmodified, and shares all other nodes', async () => {
    const before = await sealed();
    const edit = { path: ['l', 1], value: literal('new') };
    const { document, changed } = await setValue(before, edit, { services, now: LATER });
    expect(changed).toBe(true);
    const [old, next] = [leavesOf(before), leavesOf(document)];
    expect(next.map((leaf, i) => leaf === old[i])).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
      true,
      true,
    ]);
    expect(await plain(document)).toEqual(data([setAt(ROOT, edit.path, edit.value)]));
    const [oldBlock, block] = [requireBlock(before), requireBlock(document)];
    const differing = block.items.filter((item, i) => item !== oldBlock.items[i]);
    expect(differing.map((item) => (item.kind === 'entry' ? item.key : ''))).toEqual([
      'lastmodified',
      'mac',
    ]);
    expect(findEntry(block, 'lastmodified')?.value).toEqual(literal('2026-11-25T01:02:03Z'));
  });

  it('and back gives every token back but the one', async () => {
    const before = await sealed();
    const how = { services, now: LATER };
    const there = await setValue(before, { path: ['a'], value: literal('new') }, how);
    const back = await setValue(there.document, { path: ['a'], value: literal('secret') }, how);
    expect(await plain(back.document)).toEqual(data([ROOT]));
    expect(leavesOf(back.document).map((leaf, i) => leaf === leavesOf(before)[i])).toEqual([
      true,
      false,
      true,
      true,
      true,
      true,
      true,
      true,
    ]);
  });

  it('encrypts new values by the rule of the file', async () => {
    const how = { services, now: LATER };
    const value = parseSetValue('{"p_unencrypted": 1, "q": [true, null, "t"]}');
    const { document } = await setValue(await sealed(), { path: ['new'], value }, how);
    const [root] = document.branches;
    if (root === undefined) throw new Error('a branch');
    expect(getAt(root, ['new', 'p_unencrypted'])).toEqual(literal(1n));
    expect(getAt(root, ['new', 'q', 1])).toEqual(literal(null));
    expect(getAt(root, ['new', 'q', 0])).toMatchObject({ scalar: { type: 'str' } });
    const opened = await decrypt(document, { services });
    const [plainRoot] = opened.document.branches;
    if (plainRoot === undefined) throw new Error('a branch');
    expect(getAt(plainRoot, ['new', 'q', 0])).toEqual(literal(true));
  });

  it('idempotent leaves an equal value alone, and else renews the MAC', async () => {
    const before = await sealed();
    const edit = { path: ['a'], value: literal('secret') };
    const idle = await setValue(before, edit, { services, now: LATER, idempotent: true });
    expect(idle).toEqual({ document: before, changed: false });
    expect(idle.document).toBe(before);
    const renewed = await setValue(before, edit, { services, now: LATER });
    expect(renewed.changed).toBe(true);
    expect(data(renewed.document.branches)).toEqual(data(before.branches));
  });

  it('refuses the key sops', async () => {
    await expect(
      setValue(await sealed(), { path: ['sops'], value: literal(1n) }, { services, now: LATER }),
    ).rejects.toMatchObject({ code: 'ERR_ALREADY_ENCRYPTED' });
  });

  it('keeps a comment that does not open', async () => {
    const before = await sealed();
    const [root] = before.branches;
    if (root === undefined) throw new Error('a branch');
    const branches = [{ ...root, items: [comment(' by hand'), ...root.items] }];
    const how = { services, now: LATER };
    const edit = { path: ['a'], value: literal('new') };
    const { document } = await setValue({ ...before, branches }, edit, how);
    expect(leavesOf(document)[0]).toBe(branches[0]?.items[0]);
  });

  it('of any key of any tree decrypts to the tree with that value', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, fc.string(), fc.string(), async (root, key, text) => {
        fc.pre(key !== 'sops');
        const edit = { path: [key], value: literal(text) };
        const how = { services, now: LATER };
        const { document } = await setValue(await sealed(root), edit, how);
        expect(await plain(document)).toEqual(data([setAt(root, edit.path, edit.value)]));
      }),
      { numRuns: 150 },
    );
  });
});

describe('unsetValue', () => {
  it('removes and shares the rest', async () => {
    const before = await sealed();
    const { document } = await unsetValue(before, ['l', 0], { services, now: LATER });
    expect(await plain(document)).toEqual(data([unsetAt(ROOT, ['l', 0])]));
    const kept = leavesOf(before).toSpliced(3, 1);
    expect(leavesOf(document).every((leaf, i) => leaf === kept[i])).toBe(true);
  });

  it('fails on what is missing, unless idempotent', async () => {
    const before = await sealed();
    await expect(unsetValue(before, ['z'], { services, now: LATER })).rejects.toMatchObject({
      code: 'ERR_PATH_NOT_FOUND',
    });
    const idle = await unsetValue(before, ['z'], { services, now: LATER, idempotent: true });
    expect(idle.document).toBe(before);
    expect(idle.changed).toBe(false);
  });
});

describe('parseSetValue', () => {
  it.each([
    ['5', literal(5n)],
    ['9007199254740993', literal(9007199254740993n)],
    ['1.5', literal(1.5)],
    ['"x"\n', literal('x')],
    ['null', literal(null)],
    [' true ', literal(true)],
  ])('reads %j', (text, value) => {
    expect(parseSetValue(text)).toMatchObject({ kind: 'leaf', scalar: (value as Leaf).scalar });
  });

  it.each(['', 'x', '1, "b": 2', '1}', '{"a":', '"', '1 2', '}, {'])('refuses %j', (text) => {
    expect(() => parseSetValue(text)).toThrow(expect.objectContaining({ code: 'ERR_SET_VALUE' }));
  });
});
