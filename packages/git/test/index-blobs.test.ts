import { symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createGit, listStaged, mergedCommits } from '@tidelock/git';
import { describe, expect, test } from 'vitest';
import { temporaryRepository, testEnv } from './temporary-repository.ts';

const staged = async (root: string, parents: string[] = [], env = {}) =>
  listStaged(createGit(root, { ...testEnv, ...env }), async () => parents);
const names = async (root: string, parents: string[] = []) =>
  (await staged(root, parents)).entries.map((entry) => `${entry.status} ${entry.path}`);

describe('what a commit would add', () => {
  for (const format of ['sha1', 'sha256']) {
    test(`before the first commit (${format})`, async () => {
      const repository = temporaryRepository(`--object-format=${format}`);
      repository.write('a b.yaml', 'x: 1\n');
      repository.git('add', '-A');
      const result = await staged(repository.root);
      expect(result.isUnborn).toBe(true);
      expect(result.entries).toMatchObject([{ path: 'a b.yaml', status: 'A', before: [] }]);
    });
  }

  test('a rename counts at its new path, a deletion apart', async () => {
    const repository = temporaryRepository();
    repository.write('old', 'same content\n');
    repository.write('gone', '1');
    repository.commit('one');
    repository.git('mv', 'old', 'new');
    repository.git('rm', '-q', 'gone');
    expect(await names(repository.root)).toEqual(['A new']);
    const { removed } = await staged(repository.root);
    expect(removed.map(({ path, before }) => [path, before.length])).toEqual([
      ['gone', 1],
      ['old', 1],
    ]);
  });

  test('a symlink that becomes a file, a mode change, a submodule', async () => {
    const repository = temporaryRepository();
    symlinkSync('target', join(repository.root, 'link'));
    repository.write('run', 'x');
    const commit = repository.commit('one');
    unlinkSync(join(repository.root, 'link'));
    repository.write('link', 'now a file');
    repository.git('add', '-A');
    repository.git('update-index', '--chmod=+x', 'run');
    repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},sub`);
    expect(await names(repository.root)).toEqual(['T link', 'M run', 'A sub']);
  });

  test('names of any bytes, of Git itself and with line breaks', async () => {
    const repository = temporaryRepository();
    repository.write(Buffer.from('x').toString(), '');
    const raw = Buffer.concat([
      Buffer.from(repository.root),
      Buffer.from('/'),
      Buffer.from([0xff, 0x0a, 0x22]),
    ]);
    (await import('node:fs')).writeFileSync(raw, 'y');
    repository.write('--upload-pack=x', 'z');
    repository.git('add', '-A');
    expect(await names(repository.root)).toEqual(['A --upload-pack=x', 'A x', 'A \\xFF\n"']);
  });

  test('the index that the environment names', async () => {
    const repository = temporaryRepository();
    repository.write('a', '1');
    repository.commit('one');
    repository.write('b', '1');
    repository.git('add', 'b');
    const empty = await staged(repository.root, [], {
      GIT_INDEX_FILE: join(repository.root, '.git/other'),
    });
    expect(empty.entries).toEqual([]);
  });

  test('in a merge only what differs from both parents', async () => {
    const repository = temporaryRepository();
    repository.write('f', '1\n');
    repository.commit('one');
    repository.git('checkout', '-q', '-b', 'other');
    repository.write('f', '2\n');
    repository.write('theirs', 'x\n');
    const other = repository.commit('two');
    repository.git('checkout', '-q', 'main');
    repository.write('f', '3\n');
    repository.commit('three');
    repository.git('merge', '-q', '--no-commit', '-s', 'ours', 'other');
    repository.write('f', '4\n');
    repository.write('theirs', 'x\n');
    repository.git('add', '-A');
    expect(await names(repository.root)).toEqual(['M f', 'A theirs']);
    const merge = await staged(repository.root, [other]);
    expect(merge.entries.map((entry) => [entry.path, entry.before.length])).toEqual([['f', 2]]);
  });

  test('a damaged repository is an error, not an empty commit', async () => {
    const repository = temporaryRepository();
    repository.write('a', '1');
    repository.commit('one');
    repository.write('.git/refs/heads/main', `${'1'.repeat(40)}\n`);
    await expect(staged(repository.root)).rejects.toMatchObject({ code: 'ERR_GIT_FAILED' });
  });
});

test('the commits of a clean merge are named by the environment', () => {
  const oid = 'a'.repeat(40);
  expect(mergedCommits({ [`GITHEAD_${oid}`]: 'other', GITHEAD_x: 'y', HOME: '/' })).toEqual([oid]);
});
