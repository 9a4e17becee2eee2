import {
  chmodSync,
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
import { beforeEach, describe, expect, test } from 'vitest';
import { cleanEnv, hookProgram, type Outcome, run } from '../support/program.ts';

const SECRET = `hunter2-${'correct-horse'}`;
const OTHER = `hunter3-${'battery-staple'}`;
const plaintext = (value = SECRET) =>
  `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${value}\n`;

let folder = '';
let root = '';
let env: Record<string, string> = {};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidelock-scenarios-'));
  root = join(folder, 'repository');
  mkdirSync(root);
  env = {
    ...cleanEnv(folder),
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.com',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.com',
  };
  git('init', '-q', '-b', 'main');
  write('README.md', '# A repository\n');
  git('add', '-A');
  git('commit', '-q', '-m', 'start');
  expect(hook('--install').status).toBe(0);
  return () => rmSync(folder, { recursive: true, force: true });
});

function quiet(outcome: Outcome): Outcome {
  const said = outcome.stdout + outcome.stderr;
  for (const value of [SECRET, OTHER]) {
    expect(said).not.toContain(value);
    for (let at = 0; at + 6 <= value.length; at++) {
      expect(said).not.toContain(value.slice(at, at + 6));
    }
  }
  return outcome;
}

const hook = (...args: string[]): Outcome =>
  quiet(run(process.execPath, [hookProgram, ...args], { cwd: root, env }));

const tryGit = (...args: string[]): Outcome => run('git', args, { cwd: root, env });

function git(...args: string[]): string {
  const { status, stdout, stderr } = tryGit(...args);
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

function write(path: string | Buffer, content: string | Uint8Array): void {
  const file = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path)]);
  if (typeof path === 'string') mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(file, content);
}

/** The commit is refused with exit 1, says `named`, and leaves HEAD and the index as they were. */
function expectRefused(named: string, ...args: string[]): void {
  const head = git('rev-parse', 'HEAD');
  const index = git('ls-files', '--stage', '-z');
  const outcome = quiet(tryGit('commit', '-q', '-m', 'x', ...args));
  expect(outcome.status).toBe(1);
  expect(outcome.stderr).toContain(named);
  expect(git('rev-parse', 'HEAD')).toBe(head);
  expect(git('ls-files', '--stage', '-z')).toBe(index);
}

function expectAccepted(...args: string[]): string {
  const outcome = quiet(tryGit('commit', '-m', 'x', ...args));
  expect({ status: outcome.status, said: outcome.stderr }).toMatchObject({ status: 0 });
  return outcome.stderr;
}

describe('what a commit takes', () => {
  test('commit -a and commit -- FILE take files past the index, and those are judged', () => {
    write('a.yaml', 'a: 1\n');
    write('b.yaml', 'b: 1\n');
    git('add', '-A');
    expectAccepted();
    write('a.yaml', plaintext());
    expectRefused('a.yaml', '-a');
    expectRefused('a.yaml', '--', 'a.yaml');
    write('b.yaml', 'b: 2\n');
    expectAccepted('--', 'b.yaml');
    write('a.yaml', 'a: 2\n');
    expectAccepted('-a');
  });

  test('what is staged counts, not the work tree', () => {
    write('a.yaml', plaintext());
    git('add', '-A');
    write('a.yaml', 'clean: true\n');
    expectRefused('a.yaml');
    git('add', '-A');
    write('a.yaml', plaintext());
    expectAccepted();
  });

  test('a known value does not block, a new one at the same place does', () => {
    write('a.yaml', plaintext());
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'old sins');
    write('a.yaml', `# moved\n${plaintext()}`);
    git('add', '-A');
    expectAccepted();
    expect(hook('--all', '--from', 'HEAD^', '--to', 'HEAD').status).toBe(1);
    write('a.yaml', plaintext(OTHER));
    git('add', '-A');
    expectRefused('a.yaml');
  });

  test('broken encryption and private keys block also when they were there before', () => {
    const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
    const pem = `${key}\n${'MIIEvQIBADANBgkqhkiG9w0BAQEFAASC'.repeat(8)}\n${key.replace('BEGIN', 'END')}\n`;
    write('key.pem', pem);
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'a key');
    write('key.pem', `\n${pem}`);
    git('add', '-A');
    expectRefused('key.pem');
  });

  test('renames and changes of mode are judged as what they bring', () => {
    write('a.yaml', plaintext());
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'old sins');
    chmodSync(join(root, 'a.yaml'), 0o755);
    git('add', '-A');
    expectAccepted();
    git('mv', 'a.yaml', 'b.yaml');
    expectRefused('b.yaml');
    git('mv', 'b.yaml', 'a.yaml');
    git('rm', '-qf', 'a.yaml');
    expect(expectAccepted()).toContain('nothing is staged');
  });

  test('links, submodules, LFS pointers and intent to add', () => {
    write('target', plaintext());
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'target');
    symlinkSync('target', join(root, 'link.yaml'));
    write('big.bin', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n');
    git('add', 'link.yaml', 'big.bin');
    git('update-index', '--add', '--cacheinfo', `160000,${git('rev-parse', 'HEAD')},module`);
    write('later.yaml', plaintext());
    git('add', '--intent-to-add', 'later.yaml');
    const said = hook().stderr;
    for (const line of ['link.yaml (symlink)', 'big.bin (lfs-pointer)', 'module (submodule)']) {
      expect(said).toContain(`not examined: ${line}`);
    }
    expect(said).not.toContain('later.yaml');
    expect(hook().status).toBe(0);
    rmSync(join(root, 'link.yaml'));
    write('link.yaml', plaintext());
    git('add', 'link.yaml');
    expectRefused('link.yaml');
  });

  test('a merge with a conflict is judged by what neither side had', () => {
    write('a.txt', '1\n');
    git('add', '-A');
    expectAccepted();
    git('checkout', '-q', '-b', 'other');
    write('a.txt', '2\n');
    write('theirs.yaml', plaintext());
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'theirs');
    git('checkout', '-q', 'main');
    write('a.txt', '3\n');
    git('commit', '-q', '-a', '-m', 'ours');
    expect(tryGit('merge', '-q', 'other').status).not.toBe(0);
    write('a.txt', '4\n');
    write('evil.yaml', plaintext(OTHER));
    git('add', '-A');
    expectRefused('evil.yaml');
    git('rm', '-q', '--cached', 'evil.yaml');
    rmSync(join(root, 'evil.yaml'));
    expectAccepted();
  });

  test('a merge of several branches is judged by what none of them had', () => {
    for (const name of ['one', 'two', 'three']) {
      git('checkout', '-q', '-b', name, 'main');
      write(`${name}.yaml`, plaintext());
      git('add', '-A');
      git('commit', '-q', '--no-verify', '-m', name);
    }
    git('checkout', '-q', 'main');
    git('merge', '-q', '--no-commit', 'one', 'two', 'three');
    write('evil.yaml', plaintext(OTHER));
    git('add', '-A');
    const { status, stderr } = hook();
    expect(status).toBe(1);
    expect(stderr).toContain('evil.yaml');
    expect(stderr).not.toContain('one.yaml');
    expect(stderr).toContain('1 file examined');
    expectRefused('evil.yaml');
    git('rm', '-q', '-f', 'evil.yaml');
    expectAccepted();
    expect(git('rev-list', '--parents', '-1', 'HEAD').split(' ')).toHaveLength(4);
  });

  test('a merge of several clean branches is examined by pre-merge-commit', () => {
    for (const name of ['one', 'two']) {
      git('checkout', '-q', '-b', name, 'main');
      write(`${name}.txt`, `${name}\n`);
      git('add', '-A');
      git('commit', '-q', '-m', name);
    }
    git('checkout', '-q', 'main');
    const merged = quiet(tryGit('merge', '--no-edit', 'one', 'two'));
    expect(merged).toMatchObject({ status: 0 });
    expect(merged.stderr).toContain('tidelock: nothing is staged');
  });

  test('cherry-picks and reverts without a conflict run no hook, and a push sees them', () => {
    git('checkout', '-q', '-b', 'other');
    write('theirs.yaml', plaintext());
    git('add', '-A');
    git('commit', '-q', '--no-verify', '-m', 'theirs');
    git('checkout', '-q', 'main');
    git('cherry-pick', 'other');
    git('init', '-q', '--bare', join(folder, 'remote.git'));
    git('remote', 'add', 'origin', join(folder, 'remote.git'));
    const pushed = quiet(tryGit('push', '-q', 'origin', 'main'));
    expect(pushed.status).not.toBe(0);
    expect(pushed.stderr).toContain('theirs.yaml');
  });

  test('names of any bytes are shown harmlessly, with a command that a shell takes', () => {
    const name = Buffer.concat([
      Buffer.from("it's \u001b[31m"),
      Buffer.from([0xff]),
      Buffer.from('.yaml'),
    ]);
    write(name, plaintext());
    git('add', '-A');
    const { status, stderr } = hook();
    expect(status).toBe(1);
    expect(stderr).not.toContain('\u001b');
    const word = /git mv (\$'.*') NAME/.exec(stderr)?.[1] ?? '';
    const echoed = run('bash', ['-c', `printf %s ${word}`], { env });
    expect(Buffer.compare(echoed.bytes, name)).toBe(0);
  });

  test('an unborn branch, and a broken repository that is not a pass', () => {
    git('checkout', '-q', '--orphan', 'fresh');
    write('a.yaml', plaintext());
    git('add', '-A');
    expect(hook().status).toBe(1);
    writeFileSync(join(root, '.git/HEAD'), '0'.repeat(39));
    expect(hook().status).toBe(3);
  });

  test('a configuration with a mistake stops the commit and says where', () => {
    write('.sops.yaml', 'creation_rules:\n  - path_regex: (\n');
    git('add', '-A');
    const { status, stderr } = hook();
    expect(status).toBe(0);
    expect(stderr).toContain('no secret found');
    write('a.yaml', 'a: 1\n');
    git('add', '-A');
    expect(hook().status).toBe(2);
    expect(hook().stderr).toMatch(/\.sops\.yaml:2:\d+/);
  });
});

describe('a repository that is against us', () => {
  const ran = () => existsSync(join(folder, 'ran'));
  const trap = () => {
    const script = join(folder, 'trap.sh');
    writeFileSync(script, `#!/bin/sh\ntouch '${join(folder, 'ran')}'\ncat\n`, { mode: 0o755 });
    return script;
  };

  test('its configuration runs nothing', () => {
    const script = trap();
    write('a.yaml', plaintext());
    git('add', '-A');
    for (const key of [
      'core.fsmonitor',
      'core.hooksPath',
      'core.sshCommand',
      'core.pager',
      'diff.external',
      'diff.trap.textconv',
      'diff.trap.command',
      'filter.trap.clean',
      'filter.trap.smudge',
      'filter.trap.process',
      'core.alternateRefsCommand',
      'gpg.program',
    ]) {
      git('config', key, script);
    }
    write('.gitattributes', '* filter=trap diff=trap\n');
    expect(hook().status).toBe(1);
    expect(ran()).toBe(false);
  });

  test('a git of its own, replaced objects and an embedded bare repository mean nothing', () => {
    writeFileSync(join(root, 'git'), readFileSync(trap()), { mode: 0o755 });
    write('a.yaml', plaintext());
    git('add', 'a.yaml');
    const clean = run('git', ['hash-object', '-w', '--stdin'], { cwd: root, env, input: 'a: 1\n' });
    git('replace', git('rev-parse', ':0:a.yaml'), clean.stdout.trim());
    run('git', ['init', '-q', '--bare', join(root, 'inner')], { env });
    env = { ...env, PATH: `.:${root}:${env.PATH}` };
    expect(hook().status).toBe(1);
    expect(ran()).toBe(false);
    root = join(root, 'inner');
    expect(hook().status).not.toBe(0);
  });

  test('a tree that holds .git/config is judged, and nothing of it is written', () => {
    const blob = (text: string) =>
      run('git', ['hash-object', '-w', '--stdin'], { cwd: root, env, input: text }).stdout.trim();
    const tree = (input: string) =>
      run('git', ['mktree'], { cwd: root, env, input: `${input}\n` }).stdout.trim();
    const secret = blob(plaintext());
    const inner = tree(`100644 blob ${secret}\tconfig`);
    const names = ['.', '..', '.GIT', '.git', 'git~1'];
    const outer = tree(names.map((name) => `040000 tree ${inner}\t${name}`).join('\n'));
    const commit = git('commit-tree', '-m', 'hostile', '-p', 'HEAD', outer);
    const before = readFileSync(join(root, '.git/config'));
    const { status, stderr } = hook('--from', 'HEAD', '--to', commit);
    expect(status).toBe(1);
    for (const name of names) expect(stderr).toContain(`${name}/config (commit `);
    expect(readFileSync(join(root, '.git/config')).equals(before)).toBe(true);
    expect(existsSync(join(folder, 'config'))).toBe(false);
  });

  test('a branch named like an option, and paths that twist', () => {
    git('update-ref', 'refs/heads/--upload-pack=x', 'HEAD');
    git('symbolic-ref', 'HEAD', 'refs/heads/--upload-pack=x');
    const blob = run('git', ['hash-object', '-w', '--stdin'], {
      cwd: root,
      env,
      input: plaintext(),
    }).stdout.trim();
    const names = ['A.yaml', 'a.yaml', '\u00e9.yaml', 'e\u0301.yaml', '-rf.yaml', 'a\\xFF.yaml'];
    for (const name of names) git('update-index', '--add', '--cacheinfo', '100644', blob, name);
    const { status, stderr } = hook();
    expect(status).toBe(1);
    for (const word of [
      'A.yaml',
      'a.yaml',
      "'\u00e9.yaml'",
      "'e\u0301.yaml'",
      './-rf.yaml',
      "$'a\\x5CxFF.yaml'",
    ]) {
      expect(stderr).toContain(`git add ${word}\n`);
    }
    expect(stderr).toContain('tidelock: 6 files examined');
    expect(hook('--from', 'HEAD', '--to', '--upload-pack=x').status).not.toBe(1);
  });
});

test('one staged file loads no rule twice, no KMS client and no socket', () => {
  write('a.yaml', 'a: 1\n');
  git('add', '-A');
  const probe = join(folder, 'probe.cjs');
  writeFileSync(
    probe,
    `const fs = require('node:fs'); const read = fs.readFileSync; const files = [];
fs.readFileSync = (name, ...rest) => { if (String(name).includes('/lazy/') && !String(name).endsWith('.cache')) files.push(String(name).split('/').pop().split('-')[0]); return read(name, ...rest); };
process.on('exit', () => {
  const loaded = process.moduleLoadList.filter((name) => /NativeModule (?:net|tls|https?|http2|dns|crypto|inspector|worker_threads|dgram)$/.test(name));
  process.stdout.write(JSON.stringify({ files: files.sort(), loaded }));
});`,
  );
  const { stdout, status } = run(process.execPath, ['--require', probe, hookProgram], {
    cwd: root,
    env,
  });
  expect(status).toBe(0);
  expect(JSON.parse(stdout)).toEqual({ files: ['judge', 'start'], loaded: [] });
});
