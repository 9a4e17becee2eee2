import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { openRepository } from '@tidelock/git';
import { installHooks, uninstallHooks } from '@tidelock/pre-commit';
import { beforeEach, describe, expect, test } from 'vitest';
import {
  type TemporaryRepository,
  temporaryFolder,
  temporaryRepository,
  testEnv,
} from '../../git/test/temporary-repository.ts';

const program = { node: process.execPath, script: '/nowhere/tidelock-pre-commit.js' };
let repository: TemporaryRepository;
let hooks: string;

beforeEach(() => {
  repository = temporaryRepository();
  hooks = join(repository.root, '.git/hooks');
  rmSync(hooks, { recursive: true, force: true });
  mkdirSync(hooks);
});

const open = (cwd = repository.root) => openRepository(cwd, testEnv);
const install = async (cwd?: string) => installHooks(await open(cwd), program);
const uninstall = async (cwd?: string) => uninstallHooks(await open(cwd));

/** Each name with its mode and its bytes, or where it leads. */
function contents(folder: string): Record<string, string> {
  const entries = readdirSync(folder).map((name) => {
    const path = join(folder, name);
    const stat = lstatSync(path);
    const what = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path, 'latin1');
    return [name, `${stat.mode.toString(8)} ${what}`];
  });
  return Object.fromEntries(entries);
}

test('the hook that was there runs where the shell is all there is', async () => {
  writeFileSync(join(hooks, 'pre-commit'), '#!/bin/sh\nexit 42\n', { mode: 0o755 });
  expect((await install()).done).toBe(true);
  const empty = temporaryFolder();
  const { status } = spawnSync('/bin/sh', [join(hooks, 'pre-commit')], {
    env: { PATH: empty },
    stdio: 'ignore',
  });
  expect(status).toBe(42);
});

test('a program that is gone is said so, and stops the commit', async () => {
  await install();
  const { status, stderr } = spawnSync('/bin/sh', [join(hooks, 'pre-push')], {
    input: 'refs\n',
    encoding: 'utf8',
  });
  expect(status).toBe(3);
  expect(stderr).toContain('/nowhere/tidelock-pre-commit.js is gone');
  expect(stderr).toContain('tidelock-pre-commit --install');
});

describe('uninstalling restores exactly', () => {
  test.each<[string, (file: string) => void]>([
    ['nothing at all', () => undefined],
    [
      'a script, with its mode',
      (file) => writeFileSync(file, '#!/bin/sh\nexit 0\n', { mode: 0o700 }),
    ],
    [
      'a script that is not executable',
      (file) => writeFileSync(file, '#!/bin/sh\n', { mode: 0o640 }),
    ],
    [
      'a script with the line ends of Windows',
      (file) => writeFileSync(file, '#!/bin/sh\r\nexit 0\r\n'),
    ],
    ['bytes that are no text', (file) => writeFileSync(file, Buffer.from([0x7f, 0x45, 0xff, 0]))],
    ['an empty file', (file) => writeFileSync(file, '')],
    ['a link', (file) => symlinkSync('../../README.md', file)],
    ['a link that leads nowhere', (file) => symlinkSync('nowhere', file)],
  ])('%s', async (_, make) => {
    repository.write('README.md', 'x');
    make(join(hooks, 'pre-commit'));
    const before = contents(hooks);
    expect((await install()).done).toBe(true);
    const installed = contents(hooks);
    expect(installed['pre-commit']).toContain('/nowhere/tidelock-pre-commit.js');
    expect((await install()).lines).toEqual([
      'pre-commit: already installed',
      'pre-merge-commit: already installed',
      'pre-push: already installed',
    ]);
    expect(contents(hooks)).toEqual(installed);
    expect((await uninstall()).done).toBe(true);
    expect(contents(hooks)).toEqual(before);
    expect((await uninstall()).lines[0]).toBe('pre-commit: not ours, left as it is');
    expect(contents(hooks)).toEqual(before);
  });
});

test('another path of the program replaces ours and keeps the hook before it', async () => {
  writeFileSync(join(hooks, 'pre-commit'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  const before = contents(hooks);
  await install();
  const moved = { ...program, script: '/elsewhere/tidelock-pre-commit.js' };
  const { lines } = await installHooks(await open(), moved);
  expect(lines[0]).toBe('pre-commit: installed');
  expect(contents(hooks)['pre-commit']).toContain('/elsewhere/');
  await uninstall();
  expect(contents(hooks)).toEqual(before);
});

test('a hook kept by an earlier installation is never written over', async () => {
  writeFileSync(join(hooks, 'pre-commit'), '#!/bin/sh\n# new\n', { mode: 0o755 });
  writeFileSync(join(hooks, 'pre-commit.before-tidelock'), '#!/bin/sh\n# old\n', { mode: 0o755 });
  const before = contents(hooks);
  const { done, lines } = await install();
  expect(done).toBe(false);
  expect(lines[0]).toMatch(/^pre-commit: not installed: .*before-tidelock keeps an older one/);
  expect(contents(hooks)).toMatchObject(before);
});

test.each([
  ['.husky/_', 'husky keeps the hooks'],
  ['githooks', null],
])('core.hooksPath %s', async (path, refusal) => {
  mkdirSync(join(repository.root, path), { recursive: true });
  repository.git('config', 'core.hooksPath', path);
  const { done, lines } = await install();
  expect(done).toBe(refusal === null);
  if (refusal === null) {
    expect(existsSync(join(repository.root, path, 'pre-commit'))).toBe(true);
    await uninstall();
  } else expect(lines.join()).toContain(refusal);
  expect(readdirSync(join(repository.root, path))).toEqual([]);
  expect(readdirSync(hooks)).toEqual([]);
});

test('a linked work tree has the hooks of its repository', async () => {
  repository.commit('start');
  const linked = join(temporaryFolder(), 'linked');
  repository.git('worktree', 'add', '-q', linked);
  await install(linked);
  expect(readdirSync(hooks)).toEqual(['pre-commit', 'pre-merge-commit', 'pre-push']);
  await uninstall();
  expect(readdirSync(hooks)).toEqual([]);
});

test('what cannot be written is left and said, with the reason', async () => {
  rmSync(hooks, { recursive: true });
  writeFileSync(hooks, 'a file where the folder should be');
  const { done, lines } = await install();
  expect(done).toBe(false);
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(
    /^pre-commit: left as it is, .*hooks cannot be changed \((?:EEXIST|ENOTDIR)\)$/,
  );
  rmSync(hooks);
  mkdirSync(join(hooks, 'pre-commit'), { recursive: true });
  expect((await install()).lines).toEqual([
    expect.stringMatching(/^pre-commit: left as it is, /),
    'pre-merge-commit: installed',
    'pre-push: installed',
  ]);
});

test('the chained hook runs first, and its refusal is the answer', async () => {
  const trace = join(repository.root, 'trace');
  writeFileSync(join(hooks, 'pre-commit'), `#!/bin/sh\necho theirs >> '${trace}'\nexit 7\n`);
  chmodSync(join(hooks, 'pre-commit'), 0o755);
  const script = join(repository.root, 'ours.cjs');
  writeFileSync(script, `require('node:fs').appendFileSync(${JSON.stringify(trace)}, 'ours\\n')`);
  await installHooks(await open(), { node: process.execPath, script });
  const refused = spawnSync(join(hooks, 'pre-commit'), { cwd: repository.root });
  expect(refused.status).toBe(7);
  expect(readFileSync(trace, 'utf8')).toBe('theirs\n');
  writeFileSync(
    join(hooks, 'pre-commit.before-tidelock'),
    `#!/bin/sh\necho theirs >> '${trace}'\n`,
  );
  expect(spawnSync(join(hooks, 'pre-commit'), { cwd: repository.root }).status).toBe(0);
  expect(readFileSync(trace, 'utf8')).toBe('theirs\ntheirs\nours\n');
});
