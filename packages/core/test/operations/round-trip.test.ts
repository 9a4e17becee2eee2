import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isToken } from '../../src/cipher/token.ts';
import type { Document, MapNode } from '../../src/document/document.ts';
import { findEntry } from '../../src/document/document.ts';
import type { Selection } from '../../src/document/metadata.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { decrypt } from '../../src/operations/decrypt.ts';
import { encrypt } from '../../src/operations/encrypt.ts';
import { requireMetadata } from '../../src/operations/require-metadata.ts';
import { verify } from '../../src/operations/verify.ts';
import { anyTree, comment, pairs, tree } from '../document/trees.ts';
import { data, NOW, options, plainDocument } from './documents.ts';
import { FakeKeyService, groupOf } from './fake-key-service.ts';

const services = [new FakeKeyService('r:1', 'r:2', 'r:3')];

const selections: fc.Arbitrary<Selection | null> = fc.constantFrom<Selection | null>(
  null,
  { rule: 'encrypted_suffix', value: 'a' },
  { rule: 'encrypted_regex', value: '^(a|10|__proto__)$' },
  { rule: 'unencrypted_regex', value: '[b-z]' },
  { rule: 'encrypted_comment_regex', value: '!' },
  { rule: 'unencrypted_comment_regex', value: '!' },
);

async function encrypted(root: MapNode, selection: Selection | null = null): Promise<Document> {
  return encrypt(plainDocument([root]), options({ selection }));
}

describe('decrypt(encrypt(document))', () => {
  it('is the document, whatever it holds and whatever is selected', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyTree, { minLength: 1, maxLength: 3 }),
        selections,
        fc.boolean(),
        async (branches, selection, macOnlyEncrypted) => {
          const sealed = await encrypt(
            plainDocument(branches),
            options({ selection, macOnlyEncrypted }),
          );
          const warnings: string[] = [];
          const opened = await decrypt(sealed, {
            services,
            onWarning: ({ message }) => warnings.push(message),
          });
          expect(data(opened.document.branches)).toEqual(data(branches));
          expect(warnings).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('leaves nothing selected in the clear', async () => {
    await fc.assert(
      fc.asyncProperty(anyTree, async (root) => {
        const sealed = await encrypted(root);
        walkLeaves(sealed.branches, (leaf, { place }) => {
          let plain = false;
          for (let at = place; at.parent !== null; at = at.parent) {
            plain ||= typeof at.step === 'string' && at.step.endsWith('_unencrypted');
          }
          if (plain) return;
          if (leaf.kind === 'comment') expect(leaf.text === '' || isToken(leaf.text)).toBe(true);
          else if (leaf.scalar.type !== 'null') {
            expect(leaf.scalar.type).toBe('str');
            const text = leaf.scalar.type === 'str' ? String(leaf.scalar.value) : '';
            expect(text === '' || isToken(text)).toBe(true);
          }
        });
      }),
      { numRuns: 200 },
    );
  });

  it('keeps a comment in a list a comment, and opens the form sops writes', async () => {
    const root = tree(pairs(['l', [comment(' note'), 'x']]));
    const sealed = await encrypted(root);
    const list = findEntry(sealed.branches[0] as MapNode, 'l')?.value;
    if (list?.kind !== 'list') throw new Error('a list');
    const [first, ...others] = list.elements;
    if (first?.kind !== 'comment') throw new Error('a comment');
    expect(isToken(first.text)).toBe(true);
    const asSops: Document = {
      ...sealed,
      branches: [
        {
          kind: 'map',
          items: [
            {
              kind: 'entry',
              key: 'l',
              value: {
                kind: 'list',
                elements: [{ kind: 'leaf', scalar: { type: 'str', value: first.text } }, ...others],
              },
            },
          ],
        },
      ],
    };
    for (const document of [sealed, asSops]) {
      const opened = await decrypt(document, { services });
      expect(data(opened.document.branches)).toEqual(data([root]));
    }
  });

  it('works for a large binary leaf, which stays bytes', async () => {
    const bytes = Buffer.alloc(3_000_000, 'x');
    const root: MapNode = {
      kind: 'map',
      items: [
        {
          kind: 'entry',
          key: 'data',
          value: { kind: 'leaf', scalar: { type: 'str', value: bytes } },
        },
      ],
    };
    const sealed = await encrypt(plainDocument([root], 'binary'), options());
    expect(requireMetadata(sealed).selection).toBeNull();
    const opened = await decrypt(sealed, { services });
    const value = findEntry(opened.document.branches[0] as MapNode, 'data')?.value;
    if (value?.kind !== 'leaf' || value.scalar.type !== 'str') throw new Error('text');
    expect(value.scalar.value).toBeInstanceOf(Uint8Array);
    expect(Buffer.compare(Buffer.from(value.scalar.value), bytes)).toBe(0);
  });
});

describe('encrypt', () => {
  const root = tree(pairs(['a', 'secret']));

  it('writes what sops writes', async () => {
    const sealed = await encrypted(root);
    expect(requireMetadata(sealed)).toMatchObject({
      lastModified: '2026-11-24T01:02:03Z',
      version: '3.13.3',
      selection: { rule: 'unencrypted_suffix', value: '_unencrypted' },
      shamirThreshold: 0,
      macOnlyEncrypted: false,
    });
    expect(requireMetadata(sealed).keyGroups[0]?.keys[0]).toMatchObject({
      createdAt: '2026-11-24T01:02:03Z',
    });
    expect(await verify(sealed, { services })).toEqual(requireMetadata(sealed));
  });

  it('refuses what is encrypted already, or empty, or has no key', async () => {
    const sealed = await encrypted(root);
    await expect(encrypt(sealed, options())).rejects.toMatchObject({
      code: 'ERR_ALREADY_ENCRYPTED',
    });
    await expect(encrypt(plainDocument([]), options())).rejects.toMatchObject({
      code: 'ERR_EMPTY_DOCUMENT',
    });
    await expect(
      encrypt(plainDocument([root]), options({ keyGroups: [groupOf()] })),
    ).rejects.toMatchObject({ code: 'ERR_NO_KEYS' });
  });

  it('refuses a document whose later branch has a sops block', async () => {
    const plain = plainDocument([root, root]);
    const origin = { text: '', branches: plain.branches, blocks: [null, root], layout: null };
    await expect(encrypt({ ...plain, origin }, options())).rejects.toMatchObject({
      code: 'ERR_ALREADY_ENCRYPTED',
    });
  });

  it('drops rules for a binary file and says so', async () => {
    const warnings: string[] = [];
    const sealed = await encrypt(
      plainDocument([tree(pairs(['data', 'x']))], 'binary'),
      options({
        selection: { rule: 'encrypted_regex', value: '^x$' },
        macOnlyEncrypted: true,
        onWarning: ({ code }) => warnings.push(code),
      }),
    );
    expect(warnings).toEqual(['binary-selection-dropped']);
    expect(requireMetadata(sealed)).toMatchObject({ selection: null, macOnlyEncrypted: false });
    expect((await decrypt(sealed, { services })).document.block).toBeNull();
  });

  it('refuses a comment regex that matches the token it makes', async () => {
    const commented = tree(pairs(comment('x'), comment('y'), ['a', 'b']));
    await expect(
      encrypt(
        plainDocument([commented]),
        options({ selection: { rule: 'encrypted_comment_regex', value: 'x|ENC' } }),
      ),
    ).rejects.toMatchObject({ code: 'ERR_COMMENT_SELECTION' });
  });

  it('splits the data key among groups, and needs as many as the threshold says', async () => {
    const keyGroups = [groupOf('r:1'), groupOf('r:2'), groupOf('r:3')];
    const sealed = await encrypt(plainDocument([root]), options({ keyGroups, shamirThreshold: 2 }));
    for (const held of [
      ['r:1', 'r:2'],
      ['r:3', 'r:1'],
    ]) {
      const opened = await decrypt(sealed, { services: [new FakeKeyService(...held)] });
      expect(data(opened.document.branches)).toEqual(data([root]));
    }
    await expect(decrypt(sealed, { services: [new FakeKeyService('r:1')] })).rejects.toMatchObject({
      code: 'ERR_DATA_KEY_UNAVAILABLE',
    });
  });

  it('stores the number of groups when no threshold is asked for', async () => {
    const keyGroups = [groupOf('r:1'), groupOf('r:2')];
    const sealed = await encrypt(plainDocument([root]), options({ keyGroups, now: NOW }));
    expect(requireMetadata(sealed).shamirThreshold).toBe(2);
  });
});
