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

type Kind = 'txt' | 'secret';

/** A tree of so many files of each kind, and two commits for each that changes. */
function repository(files: number, changed: number, kind: Kind): string {
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
  for (let i = 0; i < files; i++) {
    writeFileSync(join(folder, `apps/${i}.txt`), `count: ${i}\n`);
    writeFileSync(join(folder, `apps/${i}.yaml`), manifest('ConfigMap', i));
    writeFileSync(join(folder, `apps/secret-${i}.yaml`), manifest('Secret', i));
  }
  writeFileSync(join(folder, 'apps/kustomization.yaml'), 'resources: [0.yaml]\n');
  writeFileSync(join(folder, 'flux.yaml'), FLUX);
  commit();
  git('tag', 'before');
  for (let i = 0; i < changed; i++) {
    for (const word of ['once', 'twice']) {
      const [name, text] =
        kind === 'txt'
          ? [`apps/${i}.txt`, `count: ${i} ${word}\n`]
          : [`apps/secret-${i}.yaml`, `${manifest('Secret', i)}# ${word}\n`];
      writeFileSync(join(folder, name), text);
      commit();
    }
  }
  return folder;
}

const manifest = (kind: string, i: number) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: { name: a${i} }\ndata: {}\n`;
const FLUX = `apiVersion: kustomize.toolkit.fluxcd.io/v1
kind: Kustomization
metadata: { name: apps }
spec: { path: ./apps, sourceRef: { kind: GitRepository, name: flux-system } }
`;

/** Counts what the real reader yields. */
async function blobsRead(files: number, changed: number, kind: Kind = 'txt'): Promise<number> {
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
    folder: repository(files, changed, kind),
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
    expect(await blobsRead(60, 5)).toBe(await blobsRead(20, 5));
    const [few, many] = [await blobsRead(20, 4), await blobsRead(20, 8)];
    // Each changed file at the base, in between and at the head.
    expect(many - few).toBe(4 * 3);
  });

  it('are those of Flux and kustomize besides, where the change is about what they deploy', async () => {
    expect(await blobsRead(60, 5, 'secret')).toBe(await blobsRead(20, 5, 'secret'));
    // The Kustomization and the kustomization, which both sides have alike.
    expect(await blobsRead(20, 5, 'secret')).toBe((await blobsRead(20, 5)) + 2);
  });
});
