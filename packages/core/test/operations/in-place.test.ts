import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Document } from '../../src/document/document.ts';
import type { MasterKey } from '../../src/document/metadata.ts';
import { treePathOf } from '../../src/document/path.ts';
import { walkLeaves } from '../../src/document/walk.ts';
import { ageKeyService } from '../../src/keys/age-key-service.ts';
import { decrypt } from '../../src/operations/decrypt.ts';
import { setValue } from '../../src/operations/edit-value.ts';
import { requireMetadata } from '../../src/operations/require-metadata.ts';
import { rotate } from '../../src/operations/rotate.ts';
import { updateKeys } from '../../src/operations/update-keys.ts';
import { storeFor } from '../../src/stores/store-for.ts';
import { literal } from '../document/trees.ts';
import { fakeEnvironment } from '../keys/environment.ts';
import { data, LATER } from './documents.ts';
import { DATA_KEYS, loadVector, vectorBytes } from './vectors.ts';

const identities = ['age-key1.txt', 'age-key2.txt', 'age-key3.txt']
  .map((name) => readFileSync(new URL(`../../../../test/vectors/${name}`, import.meta.url), 'utf8'))
  .join('\n');
const ONE_MORE: MasterKey = {
  type: 'age',
  enc: '',
  recipient: /age1[a-z0-9]{58}/.exec(identities.split('\n').slice(3).join('\n'))?.[0] ?? '',
};
const services = [
  ageKeyService({ environment: fakeEnvironment({ env: { SOPS_AGE_KEY: identities } }) }),
];

/** Vectors whose one or several keys are those of the three identities. */
const names = Object.keys(DATA_KEYS).filter((name) => {
  const { keyGroups } = requireMetadata(loadVector(name));
  const known = (key: MasterKey) => key.type === 'age' && /^age1[a-z0-9]{58}$/.test(key.recipient);
  return keyGroups.every(({ keys }) => keys.some(known));
});

/** How many lines of one text are not in the other, each way. */
function changedLines(before: Uint8Array, after: Uint8Array): [number, number] {
  const [old, next] = [before, after].map((bytes) => Buffer.from(bytes).toString().split('\n'));
  const missing = (lines: string[], others: string[]) => {
    const left = new Map<string, number>();
    for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
    return lines.filter((line) => {
      const count = left.get(line) ?? 0;
      left.set(line, count - 1);
      return count <= 0;
    }).length;
  };
  return [missing(old ?? [], next ?? []), missing(next ?? [], old ?? [])];
}

function firstText(document: Document): readonly (string | number)[] | null {
  let found: readonly (string | number)[] | null = null;
  walkLeaves(document.branches.slice(0, 1), (leaf, { place }) => {
    const path = treePathOf(place);
    if (leaf.kind === 'leaf' && leaf.scalar.type === 'str' && path.length === 1) found ??= path;
  });
  return found;
}

describe('a vector, with its age key', () => {
  it('is one of many', () => {
    expect(names.length).toBeGreaterThan(20);
  });

  it.each(names)('%s decrypts', async (name) => {
    const opened = await decrypt(loadVector(name), { services });
    expect(opened.document.block).toBeNull();
  });

  it.each(names)('%s: setting one value changes it, mac and lastmodified', async (name) => {
    const before = loadVector(name);
    const path = firstText((await decrypt(before, { services })).document);
    if (path === null || before.format === 'binary') return;
    const edit = { path, value: literal('a new value') };
    const { document } = await setValue(before, edit, { services, now: LATER });
    const bytes = storeFor(document.format).emit(document);
    const lines = 1 + 2 * before.branches.length;
    expect(changedLines(vectorBytes(name), bytes)).toEqual([lines, lines]);
    await decrypt(storeFor(document.format).parse(bytes), { services });
  });

  it.each(names)('%s opens after rotate and updatekeys, with the same values', async (name) => {
    const before = loadVector(name);
    const plain = (await decrypt(before, { services })).document;
    const store = storeFor(before.format);
    const rotated = store.parse(store.emit(await rotate(before, { services, now: LATER })));
    const [first, ...others] = requireMetadata(rotated).keyGroups;
    const wantedGroups = [{ keys: [...(first?.keys ?? []), ONE_MORE] }, ...others];
    const { document } = await updateKeys(rotated, { services, wantedGroups, now: LATER });
    const opened = await decrypt(store.parse(store.emit(document)), { services });
    expect(data(opened.document.branches)).toEqual(data(plain.branches));
    expect(requireMetadata(document).keyGroups[0]?.keys).toHaveLength(
      (requireMetadata(before).keyGroups[0]?.keys.length ?? 0) + 1,
    );
  });
});
