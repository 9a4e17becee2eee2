import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRepository } from '@tidelock/git';
import { type FileRule, mask, ownWords, type Rule, say } from '@tidelock/guard';
import {
  type CoveredBy,
  coveredByCreationRule,
  HOOK_RULES,
  installHooks,
  parseCommand,
  runHook,
  uninstallHooks,
} from '@tidelock/pre-commit';
import { afterEach, beforeEach, expect, test } from 'vitest';

const env = {
  PATH: process.env.PATH,
  HOME: '/nonexistent',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_SYSTEM: '/dev/null',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

/** Finds the word `canary` and what follows it. */
const canaries: FileRule = {
  id: 'plaintext/canary',
  severity: 'error',
  title: 'a canary',
  docs: { why: 'test', fix: 'test' },
  *check(source) {
    for (const match of (source.text ?? '').matchAll(/canary\w+/g)) {
      const span = { start: match.index, end: match.index + match[0].length };
      yield {
        span,
        message: say`found ${mask(match[0])}`,
        hint: ownWords('encrypt it'),
        value: match[0],
      };
    }
  },
};

/** Every file beside or below a `.sops.yaml` that is not empty. */
const covered: CoveredBy = (config, { configPath }) =>
  config.length > 0 && configPath.endsWith('.sops.yaml')
    ? { reason: ownWords('rule 1'), selects: () => true }
    : null;

const real = { rules: HOOK_RULES, coveredBy: coveredByCreationRule };

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidelock-hook-'));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function stage(path: string, content: string): void {
  writeFileSync(join(root, path), content);
  git('add', '-A');
}

function commit(): string {
  git('commit', '-q', '--no-verify', '-m', 'm');
  return git('rev-parse', 'HEAD');
}

async function hook(
  args: string[] = [],
  options: { env?: object; stdin?: string; rules?: readonly Rule[]; coveredBy?: CoveredBy } = {},
) {
  const all = { ...env, ...options.env };
  const command = parseCommand(args, all);
  if (command.run !== 'hook') throw new Error(command.run);
  let output = '';
  const code = await runHook(command.options, {
    cwd: root,
    env: all,
    now: () => new Date(0),
    stdin: async () => options.stdin ?? '',
    stderr: (text) => {
      output += text;
    },
    rules: options.rules ?? [canaries],
    coveredBy: options.coveredBy ?? covered,
  });
  expect(output).not.toMatch(/canary\w/);
  return { code, output };
}

test('nothing staged is said so, and no rules is not a pass', async () => {
  expect(await hook()).toEqual({
    code: 0,
    output: 'tidelock: nothing is staged: no file was examined.\n',
  });
  expect((await hook([], { rules: [] })).code).toBe(3);
});

test('a new secret blocks, before the first commit too; the work tree does not count', async () => {
  stage('a b.env', 'X=canaryone\n');
  writeFileSync(join(root, 'a b.env'), 'clean\n');
  const { code, output } = await hook();
  expect(code).toBe(1);
  expect(output).toContain('a b.env');
  expect(output).toContain('1:3 error');
  stage('a b.env', 'clean\n');
  writeFileSync(join(root, 'a b.env'), 'X=canaryone\n');
  expect((await hook()).code).toBe(0);
});

test('what HEAD had does not block, the same value once more and another value do', async () => {
  stage('f', 'canaryone\n');
  commit();
  stage('f', 'moved\n\ncanaryone\n');
  expect((await hook()).code).toBe(0);
  expect((await hook(['--all'])).code).toBe(1);
  stage('f', 'canaryone canaryone\n');
  expect((await hook()).code).toBe(1);
  stage('f', 'canarytwo\n');
  expect((await hook()).code).toBe(1);
  git('mv', 'f', 'g');
  expect((await hook()).code).toBe(1);
});

test('file names only restrict', async () => {
  stage('f', 'canaryone\n');
  stage('g', 'fine\n');
  expect((await hook(['g'])).code).toBe(0);
  expect((await hook([join(root, 'f')])).code).toBe(1);
});

test('what cannot be looked into is named, and fails where a creation rule covers it', async () => {
  writeFileSync(join(root, 'big'), Buffer.alloc(6 * 1024 * 1024, 'x'));
  writeFileSync(join(root, 'lfs'), 'version https://git-lfs.github.com/spec/v1\noid sha256:00\n');
  writeFileSync(join(root, 'bin'), Buffer.from([0, 1, 2, 0xff]));
  symlinkSync('elsewhere', join(root, 'link'));
  git('add', '-A');
  const { code, output } = await hook();
  expect(code).toBe(0);
  for (const line of ['big (too-large)', 'lfs (lfs-pointer)', 'bin (binary)', 'link (symlink)']) {
    expect(output).toContain(`not examined: ${line}`);
  }
  stage('.sops.yaml', 'creation_rules: []\n');
  expect((await hook()).code).toBe(3);
});

test('a link is judged by where it leads, and never by what is there', async () => {
  symlinkSync('/etc/passwd', join(root, 'link'));
  git('add', '-A');
  expect(await hook()).toMatchObject({ code: 0 });
  symlinkSync('canaryone', join(root, 'other'));
  git('add', '-A');
  expect((await hook()).code).toBe(1);
  git('rm', '-qf', 'other');
  stage('.sops.yaml', 'creation_rules: []\n');
  expect((await hook(['link'])).code).toBe(3);
});

test('what Git cannot give is a failure, whatever the file is', async () => {
  git('update-index', '--add', '--cacheinfo', '100644', '1'.repeat(40), 'lost');
  const { code, output } = await hook();
  expect(code).toBe(3);
  expect(output).toContain('not examined: lost (unreadable: Git has no content for it');
});

test('what is only meant to be added is no part of the commit', async () => {
  stage('f', '1\n');
  writeFileSync(join(root, 'later'), 'canaryone\n');
  git('add', '--intent-to-add', 'later');
  expect((await hook()).output).toContain('1 file examined');
});

test('a branch or tag called MERGE_HEAD is no merge', async () => {
  stage('f', '1\n');
  commit();
  git('tag', 'MERGE_HEAD');
  stage('f', 'canaryone\n');
  expect((await hook()).code).toBe(1);
});

test('folders may have a line break in their names', async () => {
  mkdirSync(join(root, 'a\nb'));
  stage('a\nb/.sops.yaml', 'creation_rules:\n  - path_regex: ^s\n    age: age1x\n');
  stage('a\nb/s.txt', 'anything\n');
  stage('a\nb/t.txt', 'anything\n');
  const { code, output } = await hook([], real);
  expect(code).toBe(1);
  expect(output).toContain('3 files examined, 1 to mend');
});

test('run by hand by the pre-commit framework with nothing staged, every tracked file counts', async () => {
  stage('f', 'canaryone\n');
  commit();
  expect((await hook([], { env: { PRE_COMMIT: '1' } })).code).toBe(1);
  const ofCommit = { PRE_COMMIT: '1', GIT_INDEX_FILE: '.git/index' };
  expect((await hook([], { env: ofCommit })).code).toBe(0);
  git('rm', '-q', 'f');
  expect((await hook([], { env: { PRE_COMMIT: '1' } })).code).toBe(0);
});

test('another mode alone brings nothing', async () => {
  stage('.sops.yaml', 'creation_rules:\n  - path_regex: ^s\n    age: age1x\n');
  stage('s.txt', 'anything\n');
  commit();
  chmodSync(join(root, 's.txt'), 0o755);
  git('add', '-A');
  expect((await hook([], real)).code).toBe(0);
  stage('s.txt', 'anything else\n');
  expect((await hook([], real)).code).toBe(1);
});

test('a merge is judged by what neither side had', async () => {
  stage('f', '1\n');
  commit();
  git('checkout', '-q', '-b', 'other');
  stage('theirs', 'canaryone\n');
  stage('f', '2\n');
  const other = commit();
  git('checkout', '-q', 'main');
  stage('f', '3\n');
  commit();
  spawnSync('git', ['merge', '-q', 'other'], { cwd: root, env });
  stage('f', '4\n');
  expect((await hook()).code).toBe(0);
  stage('f', 'canarytwo\n');
  expect((await hook()).code).toBe(1);
  git('reset', '-q', '--hard');
  git('read-tree', '-u', '-m', 'main', 'main', 'other');
  expect(
    (await hook(['--stage', 'pre-merge-commit'], { env: { [`GITHEAD_${other}`]: 'other' } })).code,
  ).toBe(0);
});

test('a push is judged commit by commit, also what a later one mends', async () => {
  stage('f', '1\n');
  const base = commit();
  stage('f', 'canaryone\n');
  commit();
  stage('f', 'mended\n');
  const head = commit();
  const zero = '0'.repeat(40);
  const push = (local: string, remote: string) =>
    hook(['--stage', 'pre-push', 'origin', 'url'], {
      stdin: `refs/heads/main ${local} refs/heads/main ${remote}\n`,
    });
  const { code, output } = await push(head, base);
  expect(code).toBe(1);
  expect(output).toContain('(commit ');
  expect((await push(head, zero)).code).toBe(1);
  expect((await push(base, zero)).code).toBe(0);
  expect((await push(zero, base)).output).toContain('nothing was examined');
  expect(
    (await hook([], { env: { PRE_COMMIT_FROM_REF: base, PRE_COMMIT_TO_REF: 'main' } })).code,
  ).toBe(1);
  expect((await hook(['--from', 'nope', '--to', 'main'])).code).toBe(2);
});

test('a real commit is stopped by the chain, and uninstalling restores it exactly', async () => {
  const file = join(root, '.git/hooks/pre-commit');
  const old = '#!/bin/sh\necho before >> .git/ran\n';
  writeFileSync(file, old);
  chmodSync(file, 0o750);
  const script = join(root, ".git/it's ours.mjs");
  writeFileSync(script, "process.stderr.write(process.argv.slice(2).join(' ')); process.exit(1)");
  const repository = await openRepository(root, env);
  const program = { node: process.execPath, script };
  expect((await installHooks(repository, program)).lines[0]).toContain(
    'after the hook that was there',
  );
  expect((await installHooks(repository, program)).lines[0]).toContain('already');
  stage('f', '1');
  const refused = spawnSync('git', ['commit', '-m', 'x'], { cwd: root, env, encoding: 'utf8' });
  expect(refused).toMatchObject({ status: 1, stderr: '--stage pre-commit --' });
  expect(readFileSync(join(root, '.git/ran'), 'utf8')).toBe('before\n');
  await uninstallHooks(repository);
  expect(readFileSync(file, 'utf8')).toBe(old);
  expect(statSync(file).mode & 0o777).toBe(0o750);
  expect(existsSync(join(root, '.git/hooks/pre-push'))).toBe(false);
  expect(existsSync(`${file}.before-tidelock`)).toBe(false);
});

test('hooks that a manager keeps are not touched', async () => {
  git('config', 'core.hooksPath', '.husky/_');
  const result = await installHooks(await openRepository(root, env), { node: 'node', script: 'x' });
  expect(result.done).toBe(false);
  expect(result.lines[0]).toContain('husky');
});

test('a hostile name cannot write to the terminal', async () => {
  stage('\u001b[31m\u202e\n::error::x', 'canaryone\n');
  const { code, output } = await hook();
  expect(code).toBe(1);
  expect(output).not.toMatch(/[\u001b\u202e]|^::/m);
});

test('a file that its creation rule wants encrypted is stopped, with the command that mends it', async () => {
  mkdirSync(join(root, 'prod/in'), { recursive: true });
  stage('.sops.yaml', 'creation_rules: []\n');
  stage(
    'prod/.sops.yaml',
    'creation_rules:\n  - path_regex: ^in/.*\\.yaml$\n    encrypted_regex: ^(data|stringData)$\n    age: x\n',
  );
  stage("prod/in/it's.yaml", 'kind: Secret\ndata:\n  a: b\n');
  stage('prod/in/deployment.yaml', 'kind: Deployment\nspec: {}\n');
  stage('prod/out.yaml', 'data: 1\n');
  const { code, output } = await hook([], real);
  expect(code).toBe(1);
  expect(output).toContain(
    "tidelock --config prod/.sops.yaml encrypt -i 'prod/in/it'\\''s.yaml' && git add",
  );
  expect(output).toContain('1 to mend');
  stage('prod/in/escaped.yaml', '"d\\x61ta": {a: b}\n');
  expect((await hook([], real)).output).toContain('2 to mend');
  git('rm', '-qf', 'prod/in/escaped.yaml');
  const encrypted = new URL('../../../test/vectors/set.before.enc.yaml', import.meta.url);
  stage("prod/in/it's.yaml", readFileSync(encrypted, 'utf8'));
  expect((await hook([], real)).code).toBe(0);
});

test('a configuration with a mistake stops everything and says where', async () => {
  stage('.sops.yaml', 'creation_rules:\n  - path_regex: (\n');
  stage('f.yaml', 'a: 1\n');
  const { code, output } = await hook([], real);
  expect(code).toBe(2);
  expect(output).toMatch(/\.sops\.yaml:2:\d+/);
});

test('.tidelock.yaml says what must be encrypted and what is allowed, with a reason', async () => {
  const secret = `kind: Secret\nstringData:\n  password: ${'hunter2'.repeat(2)}\n`;
  mkdirSync(join(root, 'fixtures'));
  mkdirSync(join(root, 'prod'));
  stage('fixtures/a.yaml', secret);
  expect((await hook([], real)).code).toBe(1);
  const allow =
    'allow:\n  - { rule: plaintext/kubernetes-secret, path: "fixtures/**", reason: "made up" }\n';
  stage('.tidelock.yaml', `version: 1\n${allow}`);
  const allowed = await hook([], real);
  expect(allowed).toMatchObject({ code: 0 });
  expect(allowed.output).toContain('1 allowed by comments, policy or baseline');
  const rules = 'rules:\n  - { name: production, paths: ["prod/**"], encrypted: true }\n';
  stage('.tidelock.yaml', `version: 1\n${rules}${allow}`);
  stage('prod/x.txt', 'anything\n');
  const { code, output } = await hook([], real);
  expect(code).toBe(1);
  expect(output).toContain('a rule of .tidelock.yaml');
  stage('.tidelock.yaml', 'version: 1\nnope: 1\n');
  expect((await hook([], real)).code).toBe(2);
});

test('the command that mends a file says what it needs first', async () => {
  stage('.sops.yaml', 'creation_rules:\n  - path_regex: ^covered\n    age: age1x\n');
  stage('covered.yaml', 'a: 1\n');
  stage('other.yaml', `kind: Secret\nstringData:\n  password: ${'hunter2'.repeat(2)}\n`);
  const { output } = await hook([], real);
  expect(output).toContain(
    '  to mend it: tidelock encrypt -i covered.yaml && git add covered.yaml',
  );
  expect(output).toContain(
    '  to mend it, once .sops.yaml has a rule for it: tidelock encrypt -i other.yaml && git add other.yaml',
  );
});

test('arguments that make no sense are refused', () => {
  for (const args of [['--stage'], ['--stage', 'x'], ['--nope'], ['--from', 'a']]) {
    expect(parseCommand(args, {}).run).toBe('wrong');
  }
});
