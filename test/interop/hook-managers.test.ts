import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { peerPath } from '../../scripts/peers.mjs';
import { cleanEnv, hookProgram, type Outcome, repositoryRoot, run } from '../support/program.ts';

const SECRET = `hunter2-${'correct-horse'}`;
const plaintext = `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${SECRET}\n`;
const encrypted = readFileSync(join(repositoryRoot, 'test/vectors/set.before.enc.yaml'));

let folder = '';
let root = '';
let env: Record<string, string> = {};
let tools = '';

beforeAll(() => {
  process.env.PATH = peerPath();
  tools = mkdtempSync(join(tmpdir(), 'tidelock-tools-'));
  mkdirSync(join(tools, 'bin'));
  symlinkSync(hookProgram, join(tools, 'bin/tidelock-pre-commit'));
});
afterAll(() => rmSync(tools, { recursive: true, force: true }));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidelock-managers-'));
  root = join(folder, 'repository');
  mkdirSync(root);
  const home = join(folder, 'home');
  mkdirSync(home);
  const clean = cleanEnv(home);
  env = {
    ...clean,
    PATH: `${join(tools, 'bin')}:${clean.PATH}`,
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
    npm_config_cache: join(tools, 'npm-cache'),
  };
  git('init', '-q', '-b', 'main');
  return () => rmSync(folder, { recursive: true, force: true });
});

function tryGit(...args: string[]): Outcome {
  const outcome = run('git', args, { cwd: root, env });
  expect(outcome.stdout + outcome.stderr).not.toContain(SECRET);
  return outcome;
}

function git(...args: string[]): string {
  const { status, stdout, stderr } = tryGit(...args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function write(path: string, content: string | Uint8Array, mode = 0o644): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content, { mode });
  chmodSync(join(root, path), mode);
}

function start(): void {
  write('README.md', '# A repository\n');
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'start');
}

/** A commit of plaintext is refused with the reason; of the encrypted file accepted. */
function expectGuarded(): void {
  const before = git('rev-parse', 'HEAD');
  write('secret.yaml', plaintext);
  git('add', 'secret.yaml');
  const staged = git('ls-files', '--stage');
  const refused = tryGit('commit', '-m', 'a secret');
  const said = refused.stdout + refused.stderr;
  expect({ status: refused.status, said }).not.toMatchObject({ status: 0 });
  expect(said).toContain('secret.yaml');
  expect(said).toContain('tidelock encrypt -i secret.yaml && git add secret.yaml');
  expect(git('rev-parse', 'HEAD')).toBe(before);
  expect(git('ls-files', '--stage')).toBe(staged);
  write('secret.yaml', encrypted);
  git('add', 'secret.yaml');
  const accepted = tryGit('commit', '-m', 'encrypted');
  expect({ ...accepted, bytes: null }).toMatchObject({ status: 0 });
  expect(git('rev-parse', 'HEAD^')).toBe(before);
}

/** What a clean merge would bring is judged before the merge is committed. */
function expectMergeGuarded(): void {
  git('checkout', '-q', '-b', 'other');
  write('theirs.yaml', plaintext);
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'theirs');
  git('checkout', '-q', 'main');
  write('ours.txt', 'ours\n');
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'ours');
  // Both sides are committed already: nothing new comes in, unless the merge itself adds it.
  expect(tryGit('merge', '-q', '--no-edit', 'other').status).toBe(0);
}

function expectPushGuarded(): void {
  run('git', ['init', '-q', '--bare', join(folder, 'remote.git')], { env });
  git('remote', 'add', 'origin', join(folder, 'remote.git'));
  const refs = () => run('git', ['ls-remote', join(folder, 'remote.git')], { env }).stdout;
  git('checkout', '-q', '-b', 'feature');
  write('pushed.yaml', plaintext);
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'plaintext');
  write('pushed.yaml', encrypted);
  git('add', '-A');
  git('commit', '-q', '--no-verify', '-m', 'mended too late');
  const refused = tryGit('push', '-q', 'origin', 'feature');
  expect(refused.status).not.toBe(0);
  expect(refused.stdout + refused.stderr).toContain('pushed.yaml (commit ');
  expect(refs()).toBe('');
  git('checkout', '-q', 'main');
  const accepted = tryGit('push', '-q', 'origin', 'main');
  expect({ ...accepted, bytes: null }).toMatchObject({ status: 0 });
  expect(refs()).toContain('refs/heads/main');
}

describe('a bare hook', () => {
  test('stops commit and push, in a linked work tree too', () => {
    start();
    expect(run(process.execPath, [hookProgram, '--install'], { cwd: root, env }).status).toBe(0);
    expectGuarded();
    expectMergeGuarded();
    git('reset', '-q', '--hard', 'HEAD~2');
    expectPushGuarded();
    const main = root;
    git('worktree', 'add', '-q', join(folder, 'linked'), '-b', 'linked');
    root = join(folder, 'linked');
    write('b.yaml', plaintext);
    git('add', '-A');
    expect(tryGit('commit', '-m', 'x').status).toBe(1);
    root = main;
  });

  test('stops what a merge of two clean sides adds by itself', () => {
    start();
    expect(run(process.execPath, [hookProgram, '--install'], { cwd: root, env }).status).toBe(0);
    git('checkout', '-q', '-b', 'other');
    write('theirs.txt', 'theirs\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'theirs');
    git('checkout', '-q', 'main');
    write('ours.txt', 'ours\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'ours');
    // A hook that was there before runs first and stages something while the merge is made.
    rmSync(join(root, '.git/hooks/pre-merge-commit'));
    write('.git/hooks/pre-merge-commit', `#!/bin/sh\ngit add evil.yaml\n`, 0o755);
    expect(run(process.execPath, [hookProgram, '--install'], { cwd: root, env }).status).toBe(0);
    write('evil.yaml', plaintext);
    const refused = tryGit('merge', '--no-edit', 'other');
    expect(refused.status).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('evil.yaml');
    expect(git('log', '-1', '--format=%s')).toBe('ours');
  });
});

describe('husky', () => {
  test('stops a commit', () => {
    write('package.json', '{ "private": true }\n');
    start();
    const husky = join(repositoryRoot, 'node_modules/husky/bin.js');
    expect(run(process.execPath, [husky], { cwd: root, env }).status).toBe(0);
    expect(git('config', 'core.hooksPath')).toBe('.husky/_');
    const told = run(process.execPath, [hookProgram, '--install'], { cwd: root, env });
    expect(told.status).toBe(2);
    expect(told.stderr).toContain('.husky/pre-commit');
    write('.husky/pre-commit', 'tidelock-pre-commit\n');
    write('.husky/pre-push', 'tidelock-pre-commit --stage pre-push -- "$@"\n');
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'husky');
    expectGuarded();
    expectPushGuarded();
  });
});

describe('lint-staged', () => {
  test('gives names, and the index is judged all the same', () => {
    write('package.json', '{ "private": true, "lint-staged": { "*": "tidelock-pre-commit" } }\n');
    start();
    const lintStaged = join(repositoryRoot, 'node_modules/lint-staged/bin/lint-staged.js');
    const hook = `#!/bin/sh\nexec '${process.execPath}' '${lintStaged}' --quiet\n`;
    write('.git/hooks/pre-commit', hook, 0o755);
    expectGuarded();
    write('partly.yaml', plaintext);
    git('add', '-A');
    write('partly.yaml', 'clean: true\n');
    expect(tryGit('commit', '-m', 'partly staged').status).not.toBe(0);
  });
});

describe('lefthook', () => {
  test('stops commit and push', () => {
    write('package.json', '{ "private": true }\n');
    write('.gitignore', 'node_modules\n');
    write(
      'lefthook.yml',
      'pre-commit:\n  jobs:\n    - run: tidelock-pre-commit\npre-push:\n  jobs:\n    - run: tidelock-pre-commit --stage pre-push -- {0}\n      use_stdin: true\n',
    );
    start();
    const lefthook = installLefthook();
    env = { ...env, LEFTHOOK_BIN: lefthook };
    const installed = run(lefthook, ['install'], { cwd: root, env });
    expect({ ...installed, bytes: null }).toMatchObject({ status: 0 });
    expectGuarded();
    expectPushGuarded();
  });
});

function installLefthook(): string {
  const prefix = join(tools, 'lefthook');
  const program = join(prefix, 'node_modules/.bin/lefthook');
  if (existsSync(program)) return program;
  mkdirSync(prefix, { recursive: true });
  const result = run(
    'npm',
    ['install', '--prefix', prefix, '--no-audit', '--no-fund', 'lefthook@2.2.1'],
    {
      cwd: prefix,
      // The registry is reached as this machine reaches it.
      env: { ...(process.env as Record<string, string>), CI: 'true' },
    },
  );
  if (result.status !== 0) throw new Error(result.stderr);
  return program;
}

describe('the pre-commit framework', () => {
  test('runs the hook from a clone, on commit, merge and push', () => {
    const source = publishedHook();
    const rev = run('git', ['rev-parse', 'HEAD'], { cwd: source, env }).stdout.trim();
    write(
      '.pre-commit-config.yaml',
      `repos:\n  - repo: ${source}\n    rev: ${rev}\n    hooks:\n      - id: tidelock\n`,
    );
    start();
    const types = ['pre-commit', 'pre-merge-commit', 'pre-push'].flatMap((type) => [
      '--hook-type',
      type,
    ]);
    const installed = run('pre-commit', ['install', ...types], { cwd: root, env });
    expect({ ...installed, bytes: null }).toMatchObject({ status: 0 });
    expectGuarded();
    expectPushGuarded();
    git('checkout', '-q', '-b', 'other', 'main');
    write('theirs.txt', 'theirs\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'theirs');
    git('checkout', '-q', 'main');
    write('ours.txt', 'ours\n');
    git('add', '-A');
    git('commit', '-q', '-m', 'ours');
    // The framework's own script is followed, when it installs, by one that is there already.
    write('.git/hooks/pre-merge-commit.legacy', '#!/bin/sh\ngit add evil.yaml\n', 0o755);
    write('evil.yaml', plaintext);
    const refused = tryGit('merge', '--no-edit', 'other');
    expect(refused.status).not.toBe(0);
    expect(refused.stdout + refused.stderr).toContain('evil.yaml');
    expect(git('log', '-1', '--format=%s')).toBe('ours');
  });
});

/** A repository as it is cloned, with the program built in it. */
function publishedHook(): string {
  const source = join(folder, 'tidelock');
  for (const path of ['.pre-commit-hooks.yaml', 'packages/pre-commit/hook.mjs']) {
    cpSync(join(repositoryRoot, path), join(source, path));
  }
  cpSync(dirname(hookProgram), join(source, 'packages/pre-commit/dist'), { recursive: true });
  const options = { cwd: source, env };
  for (const args of [
    ['init', '-q'],
    ['add', '-A', '-f'],
    ['commit', '-q', '-m', 'hook'],
  ]) {
    const { status, stderr } = run('git', args, options);
    if (status !== 0) throw new Error(stderr);
  }
  return source;
}
