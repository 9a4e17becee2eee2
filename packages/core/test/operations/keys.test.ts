import { describe, expect, it } from 'vitest';
import { parseToken } from '../../src/cipher/token.ts';
import type { Document } from '../../src/document/document.ts';
import type { KeyGroup } from '../../src/document/metadata.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { decrypt } from '../../src/operations/decrypt.ts';
import { addGroup, deleteGroup } from '../../src/operations/edit-groups.ts';
import { encrypt } from '../../src/operations/encrypt.ts';
import { planKeyUpdate, updatedThreshold } from '../../src/operations/plan-key-update.ts';
import { requireMetadata } from '../../src/operations/require-metadata.ts';
import { rotate } from '../../src/operations/rotate.ts';
import { updateKeys } from '../../src/operations/update-keys.ts';
import { comment, pairs, tree } from '../document/trees.ts';
import { data, LATER, options, plainDocument } from './documents.ts';
import { FakeKeyService, fakeKey, groupOf } from './fake-key-service.ts';

const ROOT = tree(pairs(comment(' c'), ['a', 'x'], ['l', ['x', 'x']], ['n', null], ['e', '']));
const services = [new FakeKeyService('r:1')];
const how = { services, now: LATER };

async function sealed(...groups: KeyGroup[]): Promise<Document> {
  const keyGroups = groups.length === 0 ? [groupOf('r:1')] : groups;
  return encrypt(plainDocument([ROOT]), options({ keyGroups }));
}

async function opensFor(document: Document, ...held: string[]): Promise<boolean> {
  try {
    const opened = await decrypt(document, { services: [new FakeKeyService(...held)] });
    expect(data(opened.document.branches)).toEqual(data([ROOT]));
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: 'ERR_DATA_KEY_UNAVAILABLE' });
    return false;
  }
}

function tokens(document: Document): string[] {
  const texts: string[] = [];
  walkLeaves(document.branches, (leaf) => {
    if (leaf.kind === 'comment') texts.push(leaf.text);
    else if (leaf.scalar.type === 'str' && leaf.scalar.value !== '') {
      texts.push(String(leaf.scalar.value));
    }
  });
  return texts;
}

function ids(document: Document): string[][] {
  return requireMetadata(document).keyGroups.map(({ keys }) =>
    keys.map((key) => (key.type === 'hckms' ? key.keyId : key.type)),
  );
}

describe('rotate', () => {
  it('makes a new data key and new tokens with the same IVs', async () => {
    const before = await sealed();
    const after = await rotate(before, how);
    const ivs = (document: Document) =>
      tokens(document).map((text) => Buffer.from(parseToken(text)?.iv ?? []).toString('hex'));
    expect(ivs(after)).toEqual(ivs(before));
    expect(tokens(after).some((text) => tokens(before).includes(text))).toBe(false);
    expect(await opensFor(after, 'r:1')).toBe(true);
    const [old, next] = [before, after].map((document) => requireMetadata(document));
    expect(next?.lastModified).toBe('2026-11-25T01:02:03Z');
    expect(next?.keyGroups[0]?.keys[0]).toMatchObject({ createdAt: '2026-11-24T01:02:03Z' });
    expect(next?.keyGroups[0]?.keys[0]?.enc).not.toBe(old?.keyGroups[0]?.keys[0]?.enc);
  });

  it('adds keys to the first group and removes them from all', async () => {
    const before = await sealed(groupOf('r:1', 'r:2'));
    const after = await rotate(before, {
      ...how,
      addKeys: [fakeKey('r:3'), fakeKey('r:1')],
      removeKeys: [fakeKey('r:2')],
    });
    expect(ids(after)).toEqual([['r:1', 'r:3']]);
    const [first, added] = requireMetadata(after).keyGroups[0]?.keys ?? [];
    expect(first).toMatchObject({ createdAt: '2026-11-24T01:02:03Z' });
    expect(added).toMatchObject({ createdAt: '2026-11-25T01:02:03Z' });
    expect(await opensFor(after, 'r:2')).toBe(false);
    expect(await opensFor(after, 'r:3')).toBe(true);
  });

  it('does not leave a group without keys', async () => {
    await expect(
      rotate(await sealed(), { ...how, removeKeys: [fakeKey('r:1')] }),
    ).rejects.toMatchObject({ code: 'ERR_NO_KEYS' });
  });

  it('encrypts a comment that was added by hand, and keeps one that does not open', async () => {
    const before = await sealed();
    const [root] = before.branches;
    const lost = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]';
    const items = [comment(' by hand'), comment(lost), ...(root?.items ?? [])];
    const after = await rotate({ ...before, branches: [{ kind: 'map', items }] }, how);
    const [byHand, kept] = tokens(after);
    expect(parseToken(byHand ?? '')?.type).toBe('comment');
    expect(kept).toBe(lost);
  });
});

describe('updateKeys', () => {
  it('wraps for the wanted keys and leaves tokens, MAC and lastmodified', async () => {
    const before = await sealed();
    const wantedGroups = [groupOf('r:2', 'r:1')];
    const { document, plan } = await updateKeys(before, { ...how, wantedGroups });
    expect(plan.upToDate).toBe(false);
    expect(document.branches).toBe(before.branches);
    expect(ids(document)).toEqual([['r:2', 'r:1']]);
    const [old, next] = [requireMetadata(before), requireMetadata(document)];
    expect([next.mac, next.lastModified]).toEqual([old.mac, old.lastModified]);
    expect(next.keyGroups[0]?.keys[1]).toMatchObject({ createdAt: '2026-11-25T01:02:03Z' });
    expect(await opensFor(document, 'r:2')).toBe(true);
  });

  it('does nothing, and unwraps nothing, when the file is up to date', async () => {
    const before = await sealed(groupOf('r:1', 'r:2'));
    const idle = new FakeKeyService('r:1');
    const wantedGroups = [groupOf('r:2', 'r:1')];
    const result = await updateKeys(before, { services: [idle], now: LATER, wantedGroups });
    expect(result.document).toBe(before);
    expect(result.plan.upToDate).toBe(true);
    expect([idle.wraps, idle.unwraps]).toEqual([0, 0]);
  });

  it('wraps anew when a wrapped key may have another reader than it names', async () => {
    const before = await sealed();
    const checkLabel = () => ({ ok: false as const, reason: 'hides a reader' });
    const wantedGroups = [groupOf('r:1')];
    const { document, plan } = await updateKeys(before, { ...how, wantedGroups, checkLabel });
    expect(plan.mislabelled).toMatchObject([{ group: 0, reason: 'hides a reader' }]);
    expect(document).not.toBe(before);
  });

  it('goes from one group to several and back, always to a file that opens', async () => {
    const one = await sealed();
    const three = [groupOf('r:1'), groupOf('r:2'), groupOf('r:3')];
    const all = { services: [new FakeKeyService('r:1', 'r:2', 'r:3')], now: LATER };
    const grown = await updateKeys(one, { ...all, wantedGroups: three });
    expect(requireMetadata(grown.document).shamirThreshold).toBe(3);
    expect(await opensFor(grown.document, 'r:1', 'r:2')).toBe(false);
    const back = await updateKeys(grown.document, { ...all, wantedGroups: [groupOf('r:2')] });
    expect(await opensFor(back.document, 'r:2')).toBe(true);
    const again = await updateKeys(back.document, { ...all, wantedGroups: three.slice(0, 2) });
    expect(requireMetadata(again.document).shamirThreshold).toBe(2);
    expect(await opensFor(again.document, 'r:1', 'r:2')).toBe(true);
  });
});

describe('planKeyUpdate', () => {
  it('compares group by group', () => {
    const plan = planKeyUpdate(
      { keyGroups: [groupOf('a:1', 'b:1'), groupOf('c:1')], shamirThreshold: 2 },
      [groupOf('b:1', 'd:1'), groupOf('c:1'), groupOf('e:1')],
    );
    const names = plan.groups.map(({ common, added, removed }) =>
      [common, added, removed].map((keys) =>
        keys.map((key) => (key.type === 'hckms' ? key.keyId : '')),
      ),
    );
    expect(names).toEqual([
      [['b:1'], ['d:1'], ['a:1']],
      [['c:1'], [], []],
      [[], ['e:1'], []],
    ]);
    expect(plan.threshold).toEqual({ before: 2, after: 2 });
  });

  it.each([
    [0, 1, 0],
    [0, 3, 3],
    [1, 1, 1],
    [1, 2, 2],
    [3, 2, 2],
    [3, 1, 2],
    [2, 3, 2],
  ])('a threshold of %i over %i groups becomes %i', (before, groups, after) => {
    expect(updatedThreshold(before, groups)).toBe(after);
  });
});

describe('groups', () => {
  const all = { services: [new FakeKeyService('r:1', 'r:2', 'r:3')], now: LATER };

  it('are added and deleted, all wrapped anew, values untouched', async () => {
    const before = await sealed();
    const two = await addGroup(before, groupOf('r:2'), all);
    expect(two.branches).toBe(before.branches);
    expect(ids(two)).toEqual([['r:1'], ['r:2']]);
    expect(requireMetadata(two).shamirThreshold).toBe(2);
    expect(await opensFor(two, 'r:1')).toBe(false);
    expect(await opensFor(two, 'r:1', 'r:2')).toBe(true);
    const three = await addGroup(two, groupOf('r:3'), { ...all, threshold: 2 });
    expect(await opensFor(three, 'r:3', 'r:2')).toBe(true);
    const less = await deleteGroup(three, 0, all);
    expect(ids(less)).toEqual([['r:2'], ['r:3']]);
    expect(await opensFor(less, 'r:3', 'r:2')).toBe(true);
  });

  it('are refused where no such file could be opened', async () => {
    const before = await sealed();
    await expect(deleteGroup(before, 1, all)).rejects.toMatchObject({ code: 'ERR_NO_KEYS' });
    await expect(deleteGroup(before, 0, all)).rejects.toMatchObject({ code: 'ERR_NO_KEYS' });
    await expect(addGroup(before, groupOf(), all)).rejects.toMatchObject({ code: 'ERR_NO_KEYS' });
    await expect(addGroup(before, groupOf('r:2'), { ...all, threshold: 1 })).rejects.toMatchObject({
      code: 'ERR_SHAMIR',
    });
  });
});
