import { describe, expect, it } from 'vitest';
import type { Document, MapNode } from '../../src/document/document.ts';
import { setAt } from '../../src/document/edit.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { decrypt } from '../../src/operations/decrypt.ts';
import { encrypt } from '../../src/operations/encrypt.ts';
import { encryptAgainst } from '../../src/operations/encrypt-against.ts';
import { reencrypt } from '../../src/operations/reencrypt.ts';
import { requireMetadata } from '../../src/operations/require-metadata.ts';
import { comment, literal, pairs, tree } from '../document/trees.ts';
import { data, LATER, options, plainDocument } from './documents.ts';
import { FakeKeyService, groupOf } from './fake-key-service.ts';

const services = [new FakeKeyService('r:1', 'r:2')];
const ROOT = tree(pairs(comment(' c'), ['a', 'x'], ['l', ['x', 'x', 'y']], ['n', 5n]));

/** The same data in nodes of its own, as a parser would make them from a text. */
function reparsed(root: MapNode): MapNode {
  return structuredClone(root);
}

async function earlier(): Promise<Document> {
  return encrypt(plainDocument([ROOT]), options());
}

function against(root: MapNode, file: Document, changes = {}) {
  return encryptAgainst(
    plainDocument([reparsed(root)]),
    file,
    options({ services, now: LATER, ...changes }),
  );
}

function texts(document: Document): string[] {
  const found: string[] = [];
  walkLeaves(document.branches, (leaf) =>
    found.push(
      leaf.kind === 'comment'
        ? leaf.text
        : JSON.stringify(leaf.scalar, (_, v) => (typeof v === 'bigint' ? `${v}` : v)),
    ),
  );
  return found;
}

describe('encryptAgainst', () => {
  it('changes nothing when nothing changed', async () => {
    const file = await earlier();
    const result = await against(ROOT, file);
    expect(result.outcome).toBe('unchanged');
    expect(data(result.document.branches)).toEqual(data(file.branches));
    expect(result.document.block).toEqual(file.block);
  });

  it('keeps the tokens of equal values and makes one for what changed', async () => {
    const file = await earlier();
    const { document, outcome } = await against(setAt(ROOT, ['l', 2], literal('z')), file);
    expect(outcome).toBe('updated');
    const [before, after] = [texts(file), texts(document)];
    expect(after.map((text, i) => text === before[i])).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(requireMetadata(document).keyGroups).toEqual(requireMetadata(file).keyGroups);
    expect(requireMetadata(document).lastModified).toBe('2026-11-25T01:02:03Z');
    await decrypt(document, { services });
  });

  it('does not take an equal text of another type or path for equal', async () => {
    const file = await earlier();
    const moved = tree(pairs(comment(' c'), ['a', 'x'], ['l', ['x', 'x', 'y']], ['n', '5']));
    const { document } = await against(moved, file);
    expect(texts(document)[5]).not.toBe(texts(file)[5]);
    expect(texts(document)[5]).toContain('type:str');
  });

  it('wraps the kept data key for one who was added', async () => {
    const file = await earlier();
    const result = await against(ROOT, file, { keyGroups: [groupOf('r:1', 'r:2')] });
    expect(result).toMatchObject({ outcome: 'updated', reasons: [] });
    expect(texts(result.document)).toEqual(texts(file));
    await decrypt(result.document, { services: [new FakeKeyService('r:2')] });
  });

  it.each([
    [{ keyGroups: [groupOf('r:2')] }, ['recipient-removed']],
    [{ keyGroups: [groupOf('r:1'), groupOf('r:2')] }, ['groups-changed']],
    [{ selection: { rule: 'encrypted_regex', value: '^a$' } }, ['selection-changed']],
    [{ macOnlyEncrypted: true }, ['selection-changed']],
    [{ checkLabel: () => ({ ok: false, reason: 'hides' }) }, ['hidden-recipient']],
  ])('makes a new data key for %j', async (changes, reasons) => {
    const file = await earlier();
    const result = await against(ROOT, file, changes);
    expect(result).toMatchObject({ outcome: 'new-data-key', reasons });
    expect(texts(result.document)[1]).not.toBe(texts(file)[1]);
    const opened = await decrypt(result.document, { services });
    expect(data(opened.document.branches)).toEqual(data([ROOT]));
  });

  it('trusts no file whose MAC is wrong', async () => {
    const file = await earlier();
    const [root] = file.branches;
    const branches = [{ ...root, items: root?.items.slice(0, 2) ?? [] } as MapNode];
    await expect(against(ROOT, { ...file, branches })).rejects.toMatchObject({
      code: 'ERR_MAC_MISMATCH',
    });
  });
});

describe('reencrypt', () => {
  it('gives equal values their tokens back, wherever an editor moved them in a list', async () => {
    const file = await earlier();
    const opened = await decrypt(file, { services });
    const edited = tree(pairs(['a', 'x'], comment(' c'), ['l', ['y', 'x', 'new']], ['n', 5n]));
    const document = reencrypt(plainDocument([edited]), opened, { now: LATER });
    const known = new Set(texts(file));
    expect(texts(document).map((text) => known.has(text))).toEqual([
      true,
      true,
      true,
      true,
      false,
      true,
    ]);
    expect(data((await decrypt(document, { services })).document.branches)).toEqual(data([edited]));
  });

  it('raises the version and never lowers it', async () => {
    const opened = await decrypt(await earlier(), { services });
    const withVersion = (version: string) =>
      requireMetadata(
        reencrypt(
          plainDocument([ROOT]),
          { ...opened, metadata: { ...opened.metadata, version } },
          { now: LATER },
        ),
      ).version;
    expect(withVersion('3.7.1')).toBe('3.13.3');
    expect(withVersion('4.0.0')).toBe('4.0.0');
  });

  it('keeps a token that nobody could open rather than encrypt it again', async () => {
    const file = await earlier();
    const lost = 'ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:comment]';
    const [root] = file.branches;
    const items = [comment(lost), ...(root?.items ?? [])];
    const opened = await decrypt({ ...file, branches: [{ kind: 'map', items }] }, { services });
    const [plainRoot] = opened.document.branches;
    if (plainRoot === undefined) throw new Error('a branch');
    const document = reencrypt(plainDocument([reparsed(plainRoot)]), opened, { now: LATER });
    expect(texts(document)[0]).toBe(lost);
  });
});
