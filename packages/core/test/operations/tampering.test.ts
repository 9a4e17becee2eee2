import { describe, expect, it } from 'vitest';
import { formatToken, parseToken } from '../../src/cipher/token.ts';
import type { Document, MapNode } from '../../src/document/document.ts';
import { mapLeaves } from '../../src/document/walk.ts';
import { TidelockError } from '../../src/errors.ts';
import { sealBlock } from '../../src/metadata/write.ts';
import { decrypt } from '../../src/operations/decrypt.ts';
import { encrypt } from '../../src/operations/encrypt.ts';
import { requireBlock, requireMetadata } from '../../src/operations/require-metadata.ts';
import { comment, pairs, tree } from '../document/trees.ts';
import { options, plainDocument } from './documents.ts';
import { FakeKeyService } from './fake-key-service.ts';

const services = [new FakeKeyService('r:1')];
const ROOT = tree(
  pairs(
    comment(' canary-comment'),
    ['text', 'canary-text'],
    ['n', 4711n],
    ['list', ['canary-one', comment(' canary-listed'), 'canary-two']],
    ['shown_unencrypted', 'plain'],
  ),
);

async function sealed(): Promise<Document> {
  return encrypt(plainDocument([ROOT]), options());
}

/** The outcome of decrypting: an error's code, or what was warned of; no canary in either. */
async function outcome(document: Document): Promise<string> {
  const warnings: string[] = [];
  try {
    await decrypt(document, { services, onWarning: ({ code }) => warnings.push(code) });
    return `opened ${warnings.join()}`;
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    for (let at: unknown = error; at instanceof Error; at = at.cause) {
      expect(`${at.message}${String(at.stack)}`).not.toMatch(/canary-|4711/);
    }
    return error.code;
  }
}

function flip(text: string, field: 'data' | 'iv' | 'tag', bit: number): string {
  const token = parseToken(text);
  if (token === null) throw new Error('no token');
  const bytes = Uint8Array.from(token[field]);
  const at = (bit >> 3) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  return formatToken({ ...token, [field]: bytes });
}

function withText(document: Document, nth: number, change: (text: string) => string): Document {
  let index = -1;
  const branches = mapLeaves(document.branches, (leaf) => {
    index += 1;
    if (index !== nth) return leaf;
    if (leaf.kind === 'comment') return { ...leaf, text: change(leaf.text) };
    const text = leaf.scalar.type === 'str' ? String(leaf.scalar.value) : '';
    return { ...leaf, scalar: { type: 'str', value: change(text) } };
  });
  return { ...document, branches };
}

describe('a flipped bit', () => {
  it.each(['data', 'iv', 'tag'] as const)('in the %s of a value is an error', async (field) => {
    const document = await sealed();
    for (const nth of [1, 2, 3, 5]) {
      for (let bit = 0; bit < 128; bit += 5) {
        const changed = withText(document, nth, (text) => flip(text, field, bit));
        expect(await outcome(changed)).toBe('ERR_TOKEN');
      }
    }
  });

  it.each(['data', 'iv', 'tag'] as const)('in the %s of a comment is a warning', async (field) => {
    const document = await sealed();
    for (const nth of [0, 4]) {
      const changed = withText(document, nth, (text) => flip(text, field, 9));
      expect(await outcome(changed)).toBe('opened comment-unreadable');
    }
  });

  it('in the MAC or in lastmodified is an error', async () => {
    const document = await sealed();
    const { mac, lastModified } = requireMetadata(document);
    const block = requireBlock(document);
    for (const field of ['data', 'iv', 'tag'] as const) {
      const changed = sealBlock(block, { mac: flip(mac, field, 77), lastModified });
      expect(await outcome({ ...document, block: changed })).toBe('ERR_MAC_UNREADABLE');
    }
    const later = sealBlock(block, { mac, lastModified: '2026-11-24T01:02:04Z' });
    expect(await outcome({ ...document, block: later })).toBe('ERR_MAC_UNREADABLE');
    const none = sealBlock(block, { mac: '', lastModified });
    expect(await outcome({ ...document, block: none })).toBe('ERR_MAC_MISMATCH');
  });
});

describe('a change to the tree', () => {
  const list = (root: MapNode) => {
    const item = root.items[3];
    if (item?.kind !== 'entry' || item.value.kind !== 'list') throw new Error('a list');
    return { item, elements: item.value.elements };
  };

  it('that swaps, drops or repeats values of one list does not pass the MAC', async () => {
    const document = await sealed();
    const [root] = document.branches;
    if (root === undefined) throw new Error('a branch');
    const { item, elements } = list(root);
    const [one, note, two] = elements;
    if (one === undefined || note === undefined || two === undefined) throw new Error('three');
    for (const changed of [
      [two, note, one],
      [one, note],
      [one, one, note, two],
    ]) {
      const value = { kind: 'list' as const, elements: changed };
      const branch = { ...root, items: root.items.with(3, { ...item, value }) };
      expect(await outcome({ ...document, branches: [branch] })).toBe('ERR_MAC_MISMATCH');
    }
  });

  it('to a plain value does not pass the MAC, unless only encrypted values count', async () => {
    const document = await sealed();
    expect(await outcome(withText(document, 6, () => 'changed'))).toBe('ERR_MAC_MISMATCH');
    const loose = await encrypt(plainDocument([ROOT]), options({ macOnlyEncrypted: true }));
    expect(await outcome(withText(loose, 6, () => 'changed'))).toBe('opened ');
  });

  it('that leaves plain text where a token belongs is told by its path', async () => {
    const document = await sealed();
    const changed = withText(document, 5, () => 'canary-plain');
    expect(await outcome(changed)).toBe('ERR_NOT_A_TOKEN');
    await expect(decrypt(changed, { services })).rejects.toThrow('["list"][2]');
    const branches = mapLeaves(document.branches, (leaf) =>
      leaf.kind === 'leaf' ? { ...leaf, scalar: { type: 'int', value: 1n } } : leaf,
    );
    await expect(decrypt({ ...document, branches }, { services })).rejects.toThrow(
      'Expected encrypted value as string, but got int (["text"])',
    );
  });

  it('of a token type cannot hide a value from the MAC', async () => {
    const document = await sealed();
    const asComment = (text: string) => text.replace(/type:\w+\]$/, 'type:comment]');
    expect(await outcome(withText(document, 1, asComment))).toBe('ERR_TOKEN');
    expect(await outcome(withText(document, 3, asComment))).toBe('ERR_MAC_MISMATCH');
    const asText = (text: string) => text.replace(/type:comment\]$/, 'type:str]');
    expect(await outcome(withText(document, 0, asText))).toBe('opened comment-unreadable');
  });

  it('is not noticed with ignoreMac, but tokens still have to open', async () => {
    const document = await sealed();
    const block = sealBlock(requireBlock(document), {
      mac: 'nonsense',
      lastModified: '2020-01-01T00:00:00Z',
    });
    const opened = await decrypt({ ...document, block }, { services, ignoreMac: true });
    expect(opened.document.block).toBeNull();
    const flipped = withText(document, 1, (text) => flip(text, 'tag', 0));
    await expect(decrypt(flipped, { services, ignoreMac: true })).rejects.toMatchObject({
      code: 'ERR_TOKEN',
    });
  });
});

describe('trailing text behind a token', () => {
  it('changes nothing', async () => {
    expect(await outcome(withText(await sealed(), 1, (text) => `${text} \n`))).toBe('opened ');
  });
});
