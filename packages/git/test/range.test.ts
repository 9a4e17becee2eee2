import {
  createGit,
  fileHistory,
  listCommits,
  listIntroduced,
  listTree,
  mergeBase,
  resolveCommit,
} from '@tidelock/git';
import { expect, test } from 'vitest';
import { temporaryRepository, testEnv } from './temporary-repository.ts';

async function collect<T>(items: AsyncGenerator<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

test('every commit of a range, each blob once, merges for what is theirs alone', async () => {
  const repository = temporaryRepository();
  repository.write('f', 'base\n');
  const base = repository.commit('base');
  repository.git('checkout', '-q', '-b', 'other');
  repository.write('leak', 'plain\n');
  repository.commit('leak');
  repository.write('leak', 'encrypted\n');
  repository.write('f', 'theirs\n');
  repository.commit('fixed');
  repository.git('checkout', '-q', 'main');
  repository.write('f', 'ours\n');
  repository.commit('ours');
  repository.git('merge', '-q', '--no-commit', '-s', 'ours', 'other');
  repository.write('f', 'both\n');
  repository.write('leak', 'encrypted\n');
  const head = repository.commit('merge');
  const git = createGit(repository.root, testEnv);

  const found = await collect(listIntroduced(git, { include: [head], exclude: [base] }));
  const blobs = found.map(({ path, oid }) => `${path} ${repository.git('cat-file', '-p', oid)}`);
  expect(blobs.sort()).toEqual(['f both', 'f ours', 'f theirs', 'leak encrypted', 'leak plain']);
  expect(found.find(({ commit }) => commit === head)?.before).toHaveLength(2);
  expect(await listCommits(git, { include: [head], exclude: [base] })).toHaveLength(4);
  expect(await listCommits(git, { include: [base], exclude: [base] })).toEqual([]);
  expect(await mergeBase(git, head, base)).toBe(base);
});

test('the first commit introduces its whole tree', async () => {
  const repository = temporaryRepository();
  repository.write('a/b', '1');
  const root = repository.commit('one');
  const git = createGit(repository.root, testEnv);
  expect(await collect(listIntroduced(git, { include: [root] }))).toMatchObject([
    { path: 'a/b', before: [] },
  ]);
  expect(await collect(listTree(git, root))).toMatchObject([
    { path: 'a/b', mode: '100644', type: 'blob' },
  ]);
});

test('the history of one path, oldest first', async () => {
  const repository = temporaryRepository();
  const changes: string[] = [];
  for (const content of ['1', '2', '3']) {
    repository.write('--all', content);
    changes.push(repository.commit(content));
    repository.write('elsewhere', content);
    repository.commit('unrelated');
  }
  const git = createGit(repository.root, testEnv);
  const history = await fileHistory(git, await resolveCommit(git, 'HEAD'), '--all');
  expect(history.map(({ commit }) => commit)).toEqual(changes);
  expect(history[0]?.time).toBeGreaterThan(1_000_000_000);
});

test('what names no commit is refused, whatever it looks like', async () => {
  const repository = temporaryRepository();
  repository.write('a', '1');
  const commit = repository.commit('one');
  repository.git('update-ref', 'refs/heads/--upload-pack=x', commit);
  const git = createGit(repository.root, testEnv);
  expect(await resolveCommit(git, '--upload-pack=x')).toBe(commit);
  for (const revision of ['--all', '', 'nope', 'HEAD:a', '@{u}', 'a\nb']) {
    await expect(resolveCommit(git, revision)).rejects.toMatchObject({ code: 'ERR_GIT_REVISION' });
  }
});
