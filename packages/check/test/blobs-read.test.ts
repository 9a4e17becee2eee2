import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ObjectReader } from '@tidelock/git';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { checkChange } from '../src/index.ts';

const WHO = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];
const folders: string[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A tree of so many files, and two commits for each that changes. */
function repository(files: number, changed: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidelock-blobs-'));
  folders.push(folder);
  const git = (...args: string[]) => execFileSync('git', [...WHO, ...args], { cwd: folder });
  const commit = () => {
    git('add', '-A');
    git('commit', '-q', '-m', 'x');
  };
  git('init', '-q');
  mkdirSync(join(folder, 'apps'));
  writeFileSync(join(folder, '.sops.yaml'), 'creation_rules:\n  - path_regex: ^secrets/\n');
  for (let i = 0; i < files; i++) writeFileSync(join(folder, `apps/${i}.txt`), `count: ${i}\n`);
  commit();
  git('tag', 'before');
  for (let i = 0; i < changed; i++) {
    for (const word of ['once', 'twice']) {
      writeFileSync(join(folder, `apps/${i}.txt`), `count: ${i} ${word}\n`);
      commit();
    }
  }
  return folder;
}

/** Counts what the real reader yields. */
async function blobsRead(files: number, changed: number): Promise<number> {
  let count = 0;
  const original = ObjectReader.prototype.readBlobs;
  const counting = async function* (
    this: ObjectReader,
    ...args: Parameters<typeof original>
  ): ReturnType<typeof original> {
    for await (const blob of original.apply(this, args)) {
      count++;
      yield blob;
    }
  };
  vi.spyOn(ObjectReader.prototype, 'readBlobs').mockImplementation(counting);
  await checkChange({
    ports: { env: process.env, now: () => new Date(0), readFile: async () => null },
    folder: repository(files, changed),
    base: 'before',
    head: 'HEAD',
    policyOnly: false,
    verifier: null,
  });
  vi.restoreAllMocks();
  return count;
}

describe('blobs that judging a change reads', () => {
  it('grow with the change and not with the tree', async () => {
    expect(await blobsRead(200, 5)).toBe(await blobsRead(20, 5));
    const [few, many] = [await blobsRead(20, 4), await blobsRead(20, 8)];
    // Each changed file at the base, in between and at the head.
    expect(many - few).toBe(4 * 3);
  });
});
