import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ageKeyService, decrypt, type Environment, storeFor } from '@tidelock/core';
import { parseCommand, runHook } from '@tidelock/pre-commit';
import { afterEach, beforeEach, expect, test } from 'vitest';

const keyFile = new URL('../../../../test/vectors/age-key1.txt', import.meta.url);
const key = readFileSync(keyFile, 'utf8');
const recipient = /age1[a-z0-9]+/.exec(key)?.[0] ?? '';
const identity = /AGE-SECRET-KEY-1[A-Z0-9]+/.exec(key)?.[0] ?? '';
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
const SECRET = 'hunter2hunter2';
const plain = `# kept\ndatabase:\n  password: ${SECRET}\n`;

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tidelock-fix-'));
  git('init', '-q', '-b', 'main');
  write('.sops.yaml', `creation_rules:\n  - path_regex: ^secrets/\n    age: ${recipient}\n`);
  git('add', '-A');
  git('commit', '-q', '-m', 'rules');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function git(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: root, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const read = (path: string) => readFileSync(join(root, path), 'utf8');
const staged = (path: string) => git('show', `:0:${path}`);

async function fix(options: { env?: object; args?: string[] } = {}) {
  const all = { ...env, ...options.env };
  const command = parseCommand(['--fix', ...(options.args ?? [])], all);
  if (command.run !== 'hook') throw new Error(command.run);
  let output = '';
  const code = await runHook(command.options, {
    cwd: root,
    env: all,
    now: () => new Date('2026-01-01T00:00:00Z'),
    stdin: async () => '',
    stderr: (text) => {
      output += text;
    },
  });
  expect(output).not.toContain(SECRET);
  return { code, output };
}

async function opened(text: string, format: 'yaml' | 'json' | 'dotenv' | 'binary' = 'yaml') {
  const environment: Environment = {
    env: { SOPS_AGE_KEY: identity },
    platform: 'linux',
    homeDir: '/nonexistent',
    cwd: '/',
    readFile: async () => null,
    run: () => Promise.reject(new Error('no program')),
  };
  const document = storeFor(format).parse(Buffer.from(text));
  const { document: result } = await decrypt(document, {
    services: [ageKeyService({ environment })],
  });
  return Buffer.from(storeFor(format).emit(result)).toString('utf8');
}

test('a file that is staged as it stands is encrypted in index and work tree, and can be opened', async () => {
  write('secrets/a.yaml', plain);
  spawnSync('chmod', ['755', join(root, 'secrets/a.yaml')]);
  git('add', '-A');
  const { code, output } = await fix();
  expect({ code, output }).toMatchObject({ code: 0 });
  expect(output).toContain('secrets/a.yaml: encrypted and staged');
  expect(output).toContain('git gc');
  expect(staged('secrets/a.yaml')).toBe(read('secrets/a.yaml'));
  expect(read('secrets/a.yaml')).toContain('ENC[AES256_GCM');
  expect(await opened(read('secrets/a.yaml'))).toContain(SECRET);
  expect(statSync(join(root, 'secrets/a.yaml')).mode & 0o777).toBe(0o755);
  expect(git('status', '--porcelain').trim()).toBe('A  secrets/a.yaml');
  expect((await fix()).code).toBe(0);
});

test('every format that a rule covers, on an unborn branch and with any name', async () => {
  git('checkout', '-q', '--orphan', 'new');
  const names = ["secrets/it's.json", 'secrets/-x .env', 'secrets/é\u0001.bin', 'secrets/a.ini'];
  write(names[0] ?? '', `{"password": "${SECRET}"}\n`);
  write(names[1] ?? '', `PASSWORD=${SECRET}\n`);
  write(names[2] ?? '', `${SECRET}\n`);
  write(names[3] ?? '', `[database]\npassword = ${SECRET}\n`);
  git('add', '-A');
  const { code, output } = await fix();
  expect({ code, output }).toMatchObject({ code: 0 });
  for (const name of names) expect(staged(name)).not.toContain(SECRET);
  expect(await opened(staged(names[0] ?? ''), 'json')).toContain(SECRET);
  expect(await opened(staged(names[1] ?? ''), 'dotenv')).toContain(SECRET);
  expect(output).not.toContain('\u0001');
});

test('of a partially staged file the index alone is encrypted, and that is said', async () => {
  write('secrets/a.yaml', plain);
  git('add', '-A');
  write('secrets/a.yaml', `${plain}more: 1\n`);
  const { code, output } = await fix();
  expect(code).toBe(0);
  expect(output).toContain('encrypted in the index only; the work tree still holds plaintext');
  expect(read('secrets/a.yaml')).toBe(`${plain}more: 1\n`);
  expect(await opened(staged('secrets/a.yaml'))).toBe(plain);
});

test('a file that is gone, or a link by now, is left alone in the work tree', async () => {
  write('secrets/a.yaml', plain);
  write('secrets/b.yaml', plain);
  git('add', '-A');
  rmSync(join(root, 'secrets/a.yaml'));
  write('elsewhere', plain);
  rmSync(join(root, 'secrets/b.yaml'));
  spawnSync('ln', ['-s', '../elsewhere', join(root, 'secrets/b.yaml')]);
  expect((await fix()).code).toBe(0);
  expect(staged('secrets/a.yaml')).toContain('ENC[');
  expect(staged('secrets/b.yaml')).toContain('ENC[');
  expect(read('elsewhere')).toBe(plain);
});

test('it refuses past the index, during a merge and where keys need a network', async () => {
  write('secrets/a.yaml', plain);
  git('add', '-A');
  const before = git('ls-files', '--stage');
  spawnSync('cp', [join(root, '.git/index'), join(root, '.git/other')]);
  const other = await fix({ env: { GIT_INDEX_FILE: '.git/other' } });
  expect(other.code).toBe(1);
  expect(other.output).toContain('past the index');
  expect((await fix({ env: { GIT_INDEX_FILE: '.git/index', X: '1' } })).code).toBe(0);

  git('read-tree', 'HEAD');
  git('add', '-A', '--', '.sops.yaml');
  write('secrets/a.yaml', plain);
  git('add', '-A');
  expect(git('ls-files', '--stage')).toBe(before);
  writeFileSync(join(root, '.git/MERGE_HEAD'), git('rev-parse', 'HEAD'));
  const merge = await fix();
  expect(merge.code).toBe(1);
  expect(merge.output).toContain('a merge is under way');
  rmSync(join(root, '.git/MERGE_HEAD'));

  const arn = 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000';
  write('.sops.yaml', `creation_rules:\n  - path_regex: ^secrets/\n    kms: ${arn}\n`);
  git('add', '-A');
  const network = await fix();
  expect(network.code).toBe(1);
  expect(network.output).toContain('needs AWS KMS');
  expect(staged('secrets/a.yaml')).toBe(plain);
});

test('a file that does not parse is left as it is and still blocks', async () => {
  write('secrets/a.yaml', `a: [${SECRET}\n`);
  git('add', '-A');
  const { code, output } = await fix();
  expect(code).toBe(1);
  expect(output).toContain('left as it is');
});

test('it is for staged files alone', () => {
  expect(parseCommand(['--fix', '--stage', 'pre-push'], {}).run).toBe('wrong');
  expect(parseCommand(['--fix', '--from', 'a', '--to', 'b'], {}).run).toBe('wrong');
});
