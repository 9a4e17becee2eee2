import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { cleanEnv, peer } from '../../../../../test/support/program.ts';
import type { Document } from '../../../src/document/document.ts';
import type { KeyGroup, MasterKey } from '../../../src/document/metadata.ts';
import { parseTreePath } from '../../../src/document/path.ts';
import { ageKeyService } from '../../../src/keys/age-key-service.ts';
import { decrypt } from '../../../src/operations/decrypt.ts';
import { addGroup, deleteGroup } from '../../../src/operations/edit-groups.ts';
import { setValue, unsetValue } from '../../../src/operations/edit-value.ts';
import { encryptAgainst } from '../../../src/operations/encrypt-against.ts';
import { parseSetValue } from '../../../src/operations/parse-set-value.ts';
import { reencrypt } from '../../../src/operations/reencrypt.ts';
import { requireMetadata } from '../../../src/operations/require-metadata.ts';
import { rotate } from '../../../src/operations/rotate.ts';
import { updateKeys } from '../../../src/operations/update-keys.ts';
import { storeFor } from '../../../src/stores/store-for.ts';
import { fakeEnvironment, vector } from '../../keys/environment.ts';
import { formatOfVector, loadVector, parseText, vectorBytes } from '../vectors.ts';

const hasSops = peer('sops');
const folder = mkdtempSync(join(tmpdir(), 'tidelock-operations-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const texts = ['age-key1.txt', 'age-key2.txt', 'age-key3.txt'].map(vector);
const [ONE, TWO, THREE] = texts.map(
  (text): MasterKey => ({
    type: 'age',
    enc: '',
    recipient: /age1[a-z0-9]{58}/.exec(text)?.[0] ?? '',
  }),
) as [MasterKey, MasterKey, MasterKey];
const environment = fakeEnvironment({ env: { SOPS_AGE_KEY: texts.join('\n') } });
const how = { services: [ageKeyService({ environment })], now: new Date() };

let count = 0;

function sops(
  args: readonly string[],
  file: { name: string; bytes: Uint8Array },
  identities = texts,
) {
  count += 1;
  const path = join(
    folder,
    `${count}${extname(file.name) === '.txt' ? '.dat' : extname(file.name)}`,
  );
  writeFileSync(path, file.bytes);
  const env = { ...cleanEnv(folder), SOPS_AGE_KEY: identities.join('\n') };
  return spawnSync(
    'sops',
    args.map((arg) => (arg === 'FILE' ? path : arg)),
    { cwd: folder, env },
  );
}

/** What the real sops decrypts the document to; identities are those of all three keys unless given. */
function bySops(name: string, document: Document, identities?: string[]): string {
  const bytes = storeFor(document.format).emit(document);
  const result = sops(['decrypt', 'FILE'], { name, bytes }, identities);
  expect(String(result.stderr)).toBe('');
  expect(result.status).toBe(0);
  return result.stdout.toString('latin1');
}

const NAMES = [
  'simple.enc.json',
  'simple.enc.env',
  'simple.enc.ini',
  'bin.enc.dat',
  'types.enc.yaml',
  'strings.enc.yaml',
  'multi.enc.yaml',
  'anchors.enc.yaml',
  'comments.enc.yaml',
  'listcomment.sops-3.11.0.enc.yaml',
  'sel.maconly.enc.yaml',
  'selc.unenccomment.enc.yaml',
  'shamir.enc.yaml',
  'shamir.enc.env',
];

/** The float 1.0 is decrypted to `1`, by sops as by us, and so is an int the next time. */
const FLOATS_BECOME_INTS: ReadonlySet<string> = new Set(['simple.enc.json', 'types.enc.yaml']);

describe.skipIf(!hasSops)('the real sops opens', () => {
  it.each(NAMES)('%s after rotate, updatekeys, and changes of its groups', async (name) => {
    const before = loadVector(name);
    const expected = bySops(name, before);
    const reread = (document: Document) =>
      parseText(document.format, storeFor(document.format).emit(document));
    const rotated = reread(await rotate(before, how));
    expect(bySops(name, rotated)).toBe(expected);
    const wantedGroups: KeyGroup[] = [{ keys: [ONE, TWO] }];
    const updated = reread((await updateKeys(rotated, { ...how, wantedGroups })).document);
    expect(bySops(name, updated, texts.slice(1, 2))).toBe(expected);
    const two = reread(await addGroup(updated, { keys: [THREE] }, how));
    expect(bySops(name, two)).toBe(expected);
    const one = sops(
      ['decrypt', 'FILE'],
      { name, bytes: storeFor(two.format).emit(two) },
      texts.slice(0, 2),
    );
    expect(one.status).toBe(128);
    const back = reread(await deleteGroup(two, 0, { ...how, threshold: 0 }));
    expect(bySops(name, back, texts.slice(2))).toBe(expected);
  });

  it.each(NAMES)('%s encrypted again, after an edit and against itself', async (name) => {
    const before = loadVector(name);
    const expected = bySops(name, before);
    const opened = await decrypt(before, how);
    const store = storeFor(before.format);
    const plain = parseText(before.format, store.emit(opened.document), { plain: true });
    const edited = reencrypt(plain, opened, how);
    expect(bySops(name, edited)).toBe(expected);
    const metadata = requireMetadata(before);
    const { document, outcome } = await encryptAgainst(plain, before, { ...how, ...metadata });
    expect(outcome).toBe(FLOATS_BECOME_INTS.has(name) ? 'updated' : 'unchanged');
    expect(bySops(name, document)).toBe(expected);
  });

  const EDITS: readonly (readonly [name: string, path: string, value: string | null])[] = [
    ['simple.enc.json', '["l"]["0"]', null],
    ['types.enc.yaml', '["new"]["deep"]', '{"a": [1, true, null, "x"], "b": {}}'],
    ['types.enc.yaml', '["int"]', '"now text"'],
    ['types.enc.yaml', '["float_int"]', null],
    ['multi.enc.yaml', '["b"]', '"first document"'],
    ['comments.enc.yaml', '["b"]["c"]', 'false'],
    ['comments.enc.yaml', '["list"][2]', '"element"'],
    ['comments.enc.yaml', '["m"]', null],
    ['sel.encregex.enc.yaml', '["data"]["added"]', '"secret"'],
    ['sel.encregex.enc.yaml', '["shown"]', '"plain"'],
    ['simple.enc.env', '["NEW"]', '"value"'],
    ['simple.enc.ini', '["sec"]["new"]', '"value"'],
    ['simple.enc.ini', '["sec"]["a"]', null],
  ];

  it.each(EDITS)(
    '%s with %s changed, and agrees with its own set and unset',
    async (name, path, value) => {
      const before = loadVector(name);
      const args = value === null ? ['unset', 'FILE', path] : ['set', 'FILE', path, value];
      const theirs = sops(args, { name, bytes: vectorBytes(name) });
      const change = async () => {
        const steps = parseTreePath(path);
        if (value === null) return unsetValue(before, steps, how);
        return setValue(before, { path: steps, value: parseSetValue(value) }, how);
      };
      if (theirs.status !== 0) {
        await expect(change()).rejects.toMatchObject({ code: 'ERR_PATH_NOT_FOUND' });
        return;
      }
      const { document } = await change();
      const written = join(folder, `${count}${extname(name)}`);
      const decrypted = spawnSync('sops', ['decrypt', written], {
        cwd: folder,
        env: { ...cleanEnv(folder), SOPS_AGE_KEY: texts.join('\n') },
      });
      expect(bySops(name, document)).toBe(decrypted.stdout.toString('latin1'));
    },
  );

  it('finds every vector in the format it is tested in', () => {
    expect(new Set(NAMES.map(formatOfVector)).size).toBe(5);
  });
});
