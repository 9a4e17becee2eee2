import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findEntry, type MapNode, stringLeaf } from '../../src/document/document.ts';
import { equalValues } from '../../src/document/merge.ts';
import type { KeyGroup, MasterKey, Metadata } from '../../src/document/metadata.ts';
import { TidelockError } from '../../src/errors.ts';
import { readMetadata } from '../../src/metadata/read.ts';
import { raisedVersion, requireVersion, SOPS_VERSION } from '../../src/metadata/version.ts';
import { sealBlock, writeMetadata } from '../../src/metadata/write.ts';
import { anyTree, comment, literal, pairs, tree } from '../document/trees.ts';
import { DATA_KEYS, hasVector, loadVector } from '../operations/vectors.ts';

const AGE = pairs(['recipient', 'age1abc'], ['enc', 'E']);
const FULL = tree(
  pairs(
    ['age', [AGE]],
    ['lastmodified', '2026-11-23T18:48:57Z'],
    ['mac', 'M'],
    ['version', '3.13.2'],
  ),
);

function withFields(...fields: Parameters<typeof pairs>): MapNode {
  return { kind: 'map', items: [...FULL.items, ...tree(pairs(...fields)).items] };
}

function codeOf(block: MapNode): string {
  try {
    readMetadata(block);
    return 'read';
  } catch (error) {
    if (error instanceof TidelockError) return `${error.code} ${error.message}`;
    throw error;
  }
}

describe('readMetadata', () => {
  it('reads and writes back every block that the real sops wrote', () => {
    const names = Object.keys(DATA_KEYS).filter(
      (name) => hasVector(name) && !name.endsWith('.ini') && !name.includes('3.11.0'),
    );
    names.push('kms.sample.yaml', 'kms-groups.sample.yaml', 'vault.sample.yaml', 'kms.sample.env');
    for (const name of names) {
      const { block, format } = loadVector(name);
      if (block === null) throw new Error(`${name} has no block`);
      const written = writeMetadata(readMetadata(block));
      if (format === 'yaml' || format === 'json') expect(equalValues(written, block)).toBe(true);
      expect(readMetadata(written)).toEqual(readMetadata(block));
    }
  });

  it('reads the blocks of old versions: their order, their empty lists, their unquoted times', () => {
    const block = tree(
      pairs(
        ['kms', []],
        ['gcp_kms', null],
        ['azure_kv', ''],
        ['age', [AGE]],
        comment(' by hand'),
        ['lastmodified', '2020-01-01T00:00:00.75Z'],
        ['mac', 'M'],
        ['pgp', []],
        ['unknown_to_us', pairs(['x', 1n])],
        ['version', '3.7.1'],
      ),
    );
    expect(readMetadata(block)).toMatchObject({
      keyGroups: [{ keys: [{ type: 'age', recipient: 'age1abc', enc: 'E' }] }],
      lastModified: '2020-01-01T00:00:00Z',
      selection: null,
    });
    const time: MapNode = {
      kind: 'map',
      items: FULL.items.map((item) =>
        item.kind === 'entry' && item.key === 'lastmodified'
          ? {
              ...item,
              value: { kind: 'leaf', scalar: { type: 'time', value: '2020-01-01T00:00:00Z' } },
            }
          : item,
      ),
    };
    expect(readMetadata(time).lastModified).toBe('2020-01-01T00:00:00Z');
  });

  it('takes text for what it stands for, as flattened formats need', () => {
    const weak = withFields(['shamir_threshold', '2'], ['mac_only_encrypted', 'true']);
    expect(readMetadata(weak)).toMatchObject({ shamirThreshold: 2, macOnlyEncrypted: true });
    const typed = withFields(['shamir_threshold', 2n], ['mac_only_encrypted', true]);
    expect(readMetadata(typed)).toEqual(readMetadata(weak));
  });

  it('prefers lists beside key_groups, as sops does', () => {
    const block = withFields(['key_groups', [pairs(['age', [AGE, AGE]])]]);
    expect(readMetadata(block).keyGroups).toHaveLength(1);
    expect(readMetadata(block).keyGroups[0]?.keys).toHaveLength(1);
  });

  it.each([
    ['sops.lastmodified', withFields(['lastmodified', 'yesterday'])],
    ['sops.mac', withFields(['mac', pairs()])],
    ['sops.pgp[0].created_at', withFields(['pgp', [pairs(['fp', 'F'])]])],
    ['sops.pgp[0]', withFields(['pgp', ['F']])],
    ['sops.pgp', withFields(['pgp', 'F'])],
    ['sops.shamir_threshold', withFields(['shamir_threshold', 'two'])],
    ['sops.shamir_threshold', withFields(['shamir_threshold', 256n])],
    ['sops.mac_only_encrypted', withFields(['mac_only_encrypted', 'perhaps'])],
  ])('names the field %s that is wrong', (field, block) => {
    expect(codeOf(block)).toMatch(new RegExp(`^ERR_METADATA ${field.replace(/[[\]]/g, '\\$&')} `));
  });

  it('refuses two rules, no keys, and too many', () => {
    expect(codeOf(withFields(['encrypted_regex', 'a'], ['unencrypted_suffix', 'b']))).toMatch(
      /^ERR_SELECTION_CONFLICT .*unencrypted_suffix, encrypted_regex/,
    );
    const keyless = { ...FULL, items: FULL.items.slice(1) };
    expect(codeOf(keyless)).toMatch(/^ERR_NO_KEYS No keys found in file/);
    const many = Array.from({ length: 10_001 }, () => AGE);
    expect(codeOf(withFields(['age', many]))).toMatch(/^ERR_METADATA sops.age/);
    const groups = Array.from({ length: 256 }, () => pairs(['age', [AGE]]));
    expect(codeOf(tree(pairs(['key_groups', groups])))).toMatch(/^ERR_METADATA sops.key_groups/);
  });

  it('ends in metadata or an error for any tree', () => {
    fc.assert(
      fc.property(
        anyTree,
        fc.constantFrom('age', 'kms', 'key_groups', 'mac', 'version'),
        (root, key) => {
          codeOf({ ...FULL, items: [...FULL.items, { kind: 'entry', key, value: root }] });
          codeOf(root);
        },
      ),
    );
  });
});

const text = fc.string({ minLength: 1, maxLength: 12 });
const createdAt = fc.constant('2026-01-02T03:04:05Z');
const anyKey: fc.Arbitrary<MasterKey> = fc.oneof(
  fc.record({ type: fc.constant('age' as const), enc: text, recipient: text }),
  fc.record({ type: fc.constant('pgp' as const), enc: text, createdAt, fingerprint: text }),
  fc.record({
    type: fc.constant('kms' as const),
    enc: text,
    createdAt,
    arn: text,
    role: fc.string({ maxLength: 3 }),
    context: fc.dictionary(text, text, { maxKeys: 3 }).map((all) => new Map(Object.entries(all))),
    awsProfile: fc.string({ maxLength: 3 }),
  }),
  fc.record({ type: fc.constant('gcp_kms' as const), enc: text, createdAt, resourceId: text }),
  fc.record({
    type: fc.constant('azure_kv' as const),
    enc: text,
    createdAt,
    vaultUrl: text,
    name: text,
    version: fc.string({ maxLength: 3 }),
  }),
  fc.record({
    type: fc.constant('hc_vault' as const),
    enc: text,
    createdAt,
    vaultAddress: text,
    enginePath: text,
    keyName: text,
  }),
  fc.record({ type: fc.constant('hckms' as const), enc: text, createdAt, keyId: text }),
);
const ORDER = ['kms', 'gcp_kms', 'hckms', 'azure_kv', 'hc_vault', 'pgp', 'age'];
const anyGroup: fc.Arbitrary<KeyGroup> = fc
  .array(anyKey, { minLength: 1, maxLength: 5 })
  .map((keys) => ({
    keys: keys
      .map((key, i) => ({ key, i }))
      .sort((a, b) => ORDER.indexOf(a.key.type) - ORDER.indexOf(b.key.type) || a.i - b.i)
      .map(({ key }) => key),
  }));
const anyMetadata: fc.Arbitrary<Metadata> = fc.record({
  keyGroups: fc.array(anyGroup, { minLength: 1, maxLength: 3 }),
  shamirThreshold: fc.nat(3),
  lastModified: createdAt,
  mac: fc.string(),
  version: text,
  selection: fc.option(fc.record({ rule: fc.constant('encrypted_regex' as const), value: text })),
  macOnlyEncrypted: fc.boolean(),
});

describe('writeMetadata', () => {
  it('is read back as it was', () => {
    fc.assert(
      fc.property(anyMetadata, (metadata) => {
        expect(readMetadata(writeMetadata(metadata))).toEqual(metadata);
      }),
    );
  });

  it('sorts the fields at every level', () => {
    const sorted = (map: MapNode): void => {
      const keys = map.items.map((item) => (item.kind === 'entry' ? item.key : ''));
      expect(keys).toEqual([...keys].sort());
      for (const item of map.items) {
        if (item.kind !== 'entry') continue;
        if (item.value.kind === 'map' && item.key !== 'context') sorted(item.value);
        if (item.value.kind !== 'list') continue;
        for (const element of item.value.elements) if (element.kind === 'map') sorted(element);
      }
    };
    fc.assert(fc.property(anyMetadata, (metadata) => sorted(writeMetadata(metadata))));
  });

  it('puts empty age and hc_vault lists into groups of several, and no other', () => {
    const group = { keys: [{ type: 'pgp' as const, fingerprint: 'F', enc: 'E', createdAt: 'T' }] };
    const base = readMetadata(FULL);
    const written = findEntry(writeMetadata({ ...base, keyGroups: [group, group] }), 'key_groups');
    const [first] = written?.value.kind === 'list' ? written.value.elements : [];
    const keys =
      first?.kind === 'map' ? first.items.map((item) => item.kind === 'entry' && item.key) : [];
    expect(keys).toEqual(['age', 'hc_vault', 'pgp']);
  });
});

describe('sealBlock', () => {
  it('changes mac and lastmodified alone', () => {
    const block = withFields(['unknown_to_us', 'kept']);
    const sealed = sealBlock(block, { mac: 'N', lastModified: '2027-01-01T00:00:00Z' });
    expect(sealed.items.map((item, i) => item === block.items[i])).toEqual([
      true,
      false,
      false,
      true,
      true,
    ]);
    expect(findEntry(sealed, 'mac')?.value).toEqual(literal('N'));
    expect(sealBlock(sealed, { mac: 'N', lastModified: '2027-01-01T00:00:00Z' })).toBe(sealed);
  });

  it('adds what is missing', () => {
    const sealed = sealBlock(tree(pairs()), { mac: 'N', lastModified: 'T' });
    expect(findEntry(sealed, 'mac')?.value).toEqual(stringLeaf('N'));
  });
});

describe('versions', () => {
  it.each(['3.13.3', 'v3.1.2', '1.*', '3.13.3-rc1', '0.0.0+build'])('%s is one', (version) => {
    expect(() => requireVersion(version)).not.toThrow();
  });

  it.each(['', 'abc', '3', '3.1', ' 3.1.1', '3.1.1.1'])('%j is none', (version) => {
    expect(() => requireVersion(version)).toThrow(
      expect.objectContaining({ code: 'ERR_METADATA' }),
    );
  });

  it('are raised and never lowered', () => {
    expect(raisedVersion('3.9.0')).toBe(SOPS_VERSION);
    expect(raisedVersion('3.13.3')).toBe('3.13.3');
    expect(raisedVersion('10.0.0')).toBe('10.0.0');
    expect(raisedVersion('1.*')).toBe(SOPS_VERSION);
  });
});
