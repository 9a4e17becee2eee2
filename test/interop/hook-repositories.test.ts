import { chmodSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  type HookedRepository,
  hookedRepository,
  manifest,
  RULES,
} from '../support/hooked-repository.ts';

/** Plaintext is refused and leaves the index as it was, `--fix` mends it, and then it is taken. */
function expectGuarded(repository: HookedRepository): void {
  repository.write('.sops.yaml', RULES);
  repository.ask('add', '--sparse', '.sops.yaml');
  expect(repository.commit()).toMatchObject({ status: 0 });
  repository.write('secrets/a.yaml', manifest());
  repository.ask('add', '--sparse', '-A', 'secrets');
  const index = repository.ask('ls-files', '--stage');
  const refused = repository.commit();
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain('secrets/a.yaml');
  expect(repository.ask('ls-files', '--stage')).toBe(index);
  const fixed = repository.hook(['--fix']);
  expect(fixed.stderr).toContain('secrets/a.yaml: encrypted and staged');
  expect(fixed.status).toBe(0);
  expect(repository.commit()).toMatchObject({ status: 0 });
  expect(repository.ask('show', 'HEAD:secrets/a.yaml')).toContain('ENC[AES256_GCM,');
  expect(repository.ask('status', '--porcelain')).toBe('');
}

describe('kinds of repositories', () => {
  test('SHA-256', () => expectGuarded(hookedRepository('--object-format=sha256')));

  test('a split index', () => {
    const repository = hookedRepository();
    repository.ask('config', 'core.splitIndex', 'true');
    repository.ask('update-index', '--split-index');
    expectGuarded(repository);
  });

  test('a sparse checkout with a sparse index', () => {
    const repository = hookedRepository();
    repository.write('in/a', '1');
    repository.write('out/b', '1');
    repository.commitUnseen();
    repository.ask('sparse-checkout', 'set', '--cone', '--sparse-index', 'in', 'secrets');
    expectGuarded(repository);
  });

  test('paths in quotes, a cache of untracked files, and a relative diff', () => {
    const repository = hookedRepository();
    for (const [key, value] of [
      ['core.quotePath', 'true'],
      ['core.untrackedCache', 'true'],
      ['diff.relative', 'true'],
      ['diff.noprefix', 'true'],
      ['diff.renames', 'copies'],
      ['status.relativePaths', 'true'],
    ] as const)
      repository.ask('config', key, value);
    expectGuarded(repository);
  });

  test('line ends that Git converts, by configuration and by attribute', () => {
    for (const prepare of [
      (one: HookedRepository) => one.ask('config', 'core.autocrlf', 'true'),
      (one: HookedRepository) => one.write('.gitattributes', '*.yaml text eol=crlf\n'),
    ]) {
      const repository = hookedRepository();
      prepare(repository);
      repository.write('.sops.yaml', RULES);
      repository.commitUnseen();
      const windows = manifest().replaceAll('\n', '\r\n');
      repository.write('secrets/a.yaml', windows);
      repository.write('secrets/b.yaml', windows);
      repository.ask('add', '-A');
      repository.write('secrets/b.yaml', `${windows}more: 1\r\n`);
      const { status, stderr } = repository.hook(['--fix']);
      expect(status).toBe(0);
      expect(stderr).toContain('secrets/a.yaml: encrypted and staged');
      expect(stderr).toContain('secrets/b.yaml: encrypted in the index only');
      expect(repository.read('secrets/a.yaml')).toContain('ENC[AES256_GCM,');
      expect(repository.read('secrets/b.yaml')).toBe(`${windows}more: 1\r\n`);
      expect(repository.ask('status', '--porcelain').split('\n')).toEqual([
        'A  secrets/a.yaml',
        'AM secrets/b.yaml',
      ]);
    }
  });

  test('another encoding in the work tree: Git stores UTF-8, and that is judged', () => {
    const repository = hookedRepository();
    repository.write('.gitattributes', 'k8s/* working-tree-encoding=UTF-16LE-BOM\n');
    repository.commitUnseen();
    const text = Buffer.from(`\ufeff${manifest()}`, 'utf16le');
    repository.write('k8s/a.yaml', text);
    repository.ask('add', '-A');
    expect(repository.commit().status).toBe(1);
    repository.write('.gitattributes', '');
    repository.ask('add', '--renormalize', '.');
    expect(repository.commit().status).toBe(1);
  });

  test('GIT_DIR and GIT_WORK_TREE set by hand, from anywhere', () => {
    const repository = hookedRepository();
    const away = join(dirname(repository.folder), 'away.git');
    renameSync(repository.path('.git'), away);
    const env = { GIT_DIR: away, GIT_WORK_TREE: repository.folder };
    repository.write('a.yaml', manifest());
    expect(repository.run('git', ['add', '-A'], { env }).status).toBe(0);
    for (const cwd of [repository.folder, '/', repository.home]) {
      const refused = repository.run('git', ['commit', '-m', 'x'], { env, cwd });
      expect(refused.status).toBe(1);
      expect(refused.stderr).toContain('a.yaml');
      expect(repository.hook([repository.path('a.yaml')], { env, cwd }).status).toBe(1);
    }
  });

  test('a partial clone: what is staged is at hand, and what is not is a failure that says so', () => {
    const repository = hookedRepository();
    repository.write('old.yaml', manifest());
    repository.commitUnseen();
    repository.ask('config', 'uploadpack.allowFilter', 'true');
    const clone = join(dirname(repository.folder), 'clone');
    const url = `file://${repository.folder}`;
    repository.ask('clone', '-q', '--filter=blob:none', '--no-checkout', url, clone);
    const inside = { cwd: clone };
    repository.run('git', ['read-tree', 'HEAD'], inside);
    const blob = repository.run('git', ['hash-object', '-w', '--stdin'], {
      ...inside,
      input: 'a: 1\n',
    });
    const entry = `100644,${blob.stdout.trim()},old.yaml`;
    repository.run('git', ['update-index', '--cacheinfo', entry], inside);
    expect(repository.hook([], inside)).toMatchObject({ status: 0 });
    const bad = repository.run('git', ['hash-object', '-w', '--stdin'], {
      ...inside,
      input: `# changed\n${manifest()}`,
    });
    repository.run(
      'git',
      ['update-index', '--cacheinfo', `100644,${bad.stdout.trim()},old.yaml`],
      inside,
    );
    const { status, stderr } = repository.hook([], inside);
    expect(status).toBe(3);
    const mend = /`(git cat-file -e [0-9a-f]{40})`/.exec(stderr)?.[1] ?? '';
    expect(repository.run('bash', ['-c', mend], inside).status).toBe(0);
    expect(repository.hook([], inside)).toMatchObject({ status: 0 });
  });

  test('folders with line breaks in their names', () => {
    const repository = hookedRepository();
    repository.write('.sops.yaml', RULES);
    repository.commitUnseen();
    repository.write('a\nb/c.txt', 'text\n');
    repository.ask('add', '-A');
    expect(repository.commit()).toMatchObject({ status: 0 });
  });

  test('a file that is executable, or may not be written, stays so', () => {
    const repository = hookedRepository();
    repository.write('.sops.yaml', RULES);
    repository.commitUnseen();
    repository.write('secrets/run.yaml', manifest());
    repository.write('secrets/closed.yaml', manifest());
    chmodSync(repository.path('secrets/run.yaml'), 0o755);
    chmodSync(repository.path('secrets/closed.yaml'), 0o444);
    repository.ask('add', '-A');
    expect(repository.hook(['--fix']).status).toBe(0);
    expect(repository.ask('ls-files', '--stage', 'secrets/run.yaml')).toMatch(/^100755/);
    expect(readFileSync(repository.path('secrets/closed.yaml'), 'utf8')).toContain('ENC[');
    expect(repository.ask('status', '--porcelain')).toBe(
      'A  secrets/closed.yaml\nA  secrets/run.yaml',
    );
  });
});
