import { chmodSync, existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createGit,
  findWorkTree,
  listStaged,
  ObjectReader,
  openRepository,
  stagedId,
  updateIndex,
  writeBlob,
} from '@tidelock/git';
import { expect, test } from 'vitest';
import {
  type TemporaryRepository,
  temporaryFolder,
  temporaryRepository,
  testEnv,
} from './temporary-repository.ts';

/** A program that leaves a mark when anything runs it. */
function trap(folder: string): { program: string; isSprung: () => boolean } {
  const program = join(folder, 'trap.sh');
  writeFileSync(program, `#!/bin/sh\ntouch ${join(folder, 'sprung')}\ncat\n`);
  chmodSync(program, 0o755);
  return { program, isSprung: () => existsSync(join(folder, 'sprung')) };
}

async function readAll(repository: TemporaryRepository): Promise<Record<string, string>> {
  const git = createGit(repository.root, testEnv);
  const reader = new ObjectReader(git);
  const read: Record<string, string> = {};
  for (const entry of (await listStaged(git)).entries) {
    const blob = await reader.readBlob(entry.oid, { maxBytes: 1e6 });
    read[entry.path] = blob.kind === 'blob' ? Buffer.from(blob.bytes).toString() : blob.kind;
  }
  reader.close();
  return read;
}

test('monitors, hooks, filters and textconv of the repository run nothing and change nothing', async () => {
  const repository = temporaryRepository();
  const { program, isSprung } = trap(temporaryFolder());
  repository.write('.gitattributes', '* diff=t\n');
  repository.write('f', 'one\n');
  repository.commit('one');
  repository.write('f', 'two\n');
  repository.git('add', '-A');
  repository.write('.git/hooks/post-index-change', `#!/bin/sh\n${program}\n`);
  chmodSync(join(repository.root, '.git/hooks/post-index-change'), 0o755);
  for (const [key, value] of [
    ['core.fsmonitor', program],
    ['core.hooksPath', '.git/hooks'],
    ['diff.t.textconv', program],
    ['diff.external', program],
    ['filter.t.clean', program],
    ['filter.t.smudge', program],
    ['core.pager', program],
    ['core.sshCommand', program],
    ['diff.relative', 'true'],
  ] as const) {
    repository.git('config', key, value);
  }
  writeFileSync(join(repository.root, '.gitattributes'), '* filter=t diff=t\n');
  expect(await readAll(repository)).toEqual({ f: 'two\n' });
  const git = createGit(repository.root, testEnv);
  const oid = await writeBlob(git, Buffer.from('three\r\n'));
  await updateIndex(git, [{ path: 'f', mode: '100644', oid }]);
  expect(await readAll(repository)).toEqual({ f: 'three\r\n' });
  expect(isSprung()).toBe(false);
});

test('a replacement does not stand in for the real blob', async () => {
  const repository = temporaryRepository();
  repository.write('f', 'secret\n');
  repository.git('add', '-A');
  repository.write('g', 'harmless\n');
  const harmless = repository.git('hash-object', '-w', 'g');
  repository.git('replace', repository.git('rev-parse', ':f'), harmless);
  expect(await readAll(repository)).toEqual({ f: 'secret\n' });
});

test('a git inside the work tree is not run', async () => {
  const repository = temporaryRepository();
  const bin = join(repository.root, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  const { isSprung, program } = trap(temporaryFolder());
  writeFileSync(join(bin, 'git'), `#!/bin/sh\n${program}\n`);
  chmodSync(join(bin, 'git'), 0o755);
  const env = { ...testEnv, PATH: `node_modules/.bin:.:${bin}::${testEnv.PATH}` };
  await createGit(repository.root, env).run(['rev-parse', '--git-dir']);
  expect(isSprung()).toBe(false);
  expect(() => createGit(repository.root, { ...testEnv, PATH: bin })).toThrow(/not on PATH/);
});

test('a bare repository lying in the work tree is not entered', async () => {
  const repository = temporaryRepository();
  repository.git('init', '-q', '--bare', 'docs/inner');
  const inner = join(repository.root, 'docs/inner');
  expect(findWorkTree(inner, testEnv)).toBe(repository.root);
  await expect(openRepository(inner, testEnv)).rejects.toMatchObject({ code: 'ERR_GIT_FAILED' });
});

test('paths are words, never patterns, and names that differ in bytes stay apart', async () => {
  const repository = temporaryRepository();
  const contents = {
    '*': '1',
    ':(top)x': '2',
    '.Git2/config': '3',
    'e\u0301': '4',
    '\u00e9': '5',
    A: '6',
    a: '7',
  };
  for (const [path, content] of Object.entries(contents)) {
    repository.write('tmp', content);
    const oid = repository.git('hash-object', '-w', 'tmp');
    repository.git('update-index', '--add', '--cacheinfo', `100644,${oid},${path}`);
  }
  expect(await readAll(repository)).toEqual(contents);
});

test('a folder that is no repository is said so', async () => {
  const code = 'ERR_GIT_NOT_A_REPOSITORY';
  await expect(openRepository(temporaryFolder(), testEnv)).rejects.toMatchObject({ code });
  await expect(listStaged(createGit(temporaryFolder(), testEnv))).rejects.toBeInstanceOf(Error);
});

test('a worktree has its own index and the shared hooks', async () => {
  const repository = temporaryRepository();
  repository.write('f', '1');
  repository.commit('one');
  const tree = join(temporaryFolder(), 'wt');
  repository.git('worktree', 'add', '-q', tree);
  const opened = await openRepository(tree, testEnv);
  expect(opened).toMatchObject({
    root: tree,
    commonDir: join(repository.root, '.git'),
    isShallow: false,
  });
  expect(opened.indexFile).toBe(join(repository.root, '.git/worktrees/wt/index'));
});

test('a process that does not end is killed', async () => {
  const repository = temporaryRepository();
  const git = createGit(repository.root, testEnv);
  repository.git('config', 'alias.wait', '!sleep 3');
  const started = Date.now();
  const run = git.run(['wait'], { timeoutMs: 100 });
  await expect(run).rejects.toMatchObject({ code: 'ERR_GIT_TIMEOUT' });
  expect(Date.now() - started).toBeLessThan(2500);
});

test('a filter does not run while an entry as young as the index is looked at again', async () => {
  const repository = temporaryRepository();
  const { program, isSprung } = trap(temporaryFolder());
  repository.write('.gitattributes', '* filter=t=.u\n');
  repository.write('f', 'one\n');
  repository.git('add', '-A');
  for (const key of ['clean', 'process']) repository.git('config', `filter.t=.u.${key}`, program);
  repository.git('config', 'filter.t=.u.required', 'true');
  const git = createGit(repository.root, testEnv);
  const oid = await writeBlob(git, Buffer.from('two\n'));
  const soon = new Date(Date.now() + 60_000);
  utimesSync(join(repository.root, 'f'), soon, soon);
  await updateIndex(git, [{ path: 'g', mode: '100644', oid }]);
  expect(await stagedId(git, 'f', Buffer.from('two\n'))).toBe(oid);
  expect(isSprung()).toBe(false);
  expect(repository.git('ls-files')).toBe('.gitattributes\nf\ng');
});

test('what is asked of a partial clone and of a bare repository fails with what to do', async () => {
  const repository = temporaryRepository();
  repository.write('f', 'one\n');
  repository.commit('one');
  repository.git('config', 'uploadpack.allowFilter', 'true');
  const clone = join(temporaryFolder(), 'clone');
  const url = `file://${repository.root}`;
  repository.git('clone', '-q', '--filter=blob:none', '--no-checkout', url, clone);
  const id = repository.git('rev-parse', ':f');
  const reader = new ObjectReader(createGit(clone, testEnv));
  const hint = expect.stringContaining(`git cat-file -e ${id}`);
  await expect(reader.info(id)).rejects.toMatchObject({ hint });
  await expect(reader.info(id)).rejects.toMatchObject({ hint });
  const bare = join(temporaryFolder(), 'bare.git');
  repository.git('init', '-q', '--bare', bare);
  await expect(openRepository(bare, testEnv)).rejects.toMatchObject({
    hint: expect.stringContaining('bare repository takes no commits'),
  });
});
