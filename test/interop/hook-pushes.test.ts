import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { type HookedRepository, hookedRepository, manifest } from '../support/hooked-repository.ts';

let repository: HookedRepository;
let remote: string;

beforeEach(() => {
  repository = hookedRepository();
  remote = join(repository.home, 'remote.git');
  repository.ask('init', '-q', '--bare', remote);
  repository.ask('remote', 'add', 'origin', remote);
  repository.ask('push', '-q', 'origin', 'main');
});

const push = (...args: string[]) => repository.git('push', '-q', ...args);
const refs = () => repository.ask('ls-remote', remote);

function branch(name: string, path: string, content: string): void {
  repository.ask('checkout', '-q', '-b', name, 'main');
  repository.write(path, content);
  repository.commitUnseen();
}

function expectRefused(named: string, ...args: string[]): void {
  const before = refs();
  const { status, stderr } = push(...args);
  expect(status).not.toBe(0);
  expect(stderr).toContain(`${named} (commit `);
  expect(refs()).toBe(before);
}

test('a new branch, a tag of it, several refs at once, and force change nothing of what is judged', () => {
  branch('one', 'one.yaml', manifest());
  branch('two', 'two.txt', 'two\n');
  repository.ask('tag', '-a', '-m', 'a tag', 'tagged', 'one');
  expectRefused('one.yaml', 'origin', 'one');
  expectRefused('one.yaml', 'origin', 'tagged');
  expectRefused('one.yaml', 'origin', 'two', 'one');
  expectRefused('one.yaml', '--force', 'origin', 'one:main');
  expectRefused('one.yaml', remote, 'one:elsewhere');
  expectRefused('one.yaml', '--all', 'origin');
  expect(push('origin', 'two').status).toBe(0);
});

test('what a later commit takes away, and what a merge alone brings, is published all the same', () => {
  branch('one', 'one.yaml', manifest());
  repository.ask('rm', '-q', 'one.yaml');
  repository.commitUnseen();
  expectRefused('one.yaml', 'origin', 'one');
  branch('left', 'left.txt', 'left\n');
  branch('right', 'right.txt', 'right\n');
  repository.ask('merge', '-q', '--no-commit', 'left');
  repository.write('evil.yaml', manifest());
  repository.commitUnseen();
  expectRefused('evil.yaml', 'origin', 'right');
});

test('deleting publishes nothing, and what names no commit is named', () => {
  branch('two', 'two.txt', 'two\n');
  expect(push('origin', 'two').status).toBe(0);
  expect(push('origin', ':two')).toMatchObject({ status: 0 });
  repository.ask('tag', 'blob', repository.ask('rev-parse', 'HEAD:README.md'));
  const { status, stderr } = push('origin', 'blob');
  expect(status).toBe(0);
  expect(stderr).toContain('not examined: refs/tags/blob (names no commit)');
});

test('a remote that is ahead, and a history that was rewritten, are judged by what is new', () => {
  branch('old', 'old.yaml', manifest());
  repository.ask('push', '-q', '--no-verify', 'origin', 'old');
  const clone = join(repository.home, 'clone');
  repository.ask('clone', '-q', '-b', 'old', remote, clone);
  const inside = { cwd: clone };
  repository.run('git', ['commit', '-q', '--allow-empty', '-m', 'theirs'], inside);
  repository.run('git', ['push', '-q', 'origin', 'old'], inside);
  repository.write('fine.txt', 'fine\n');
  repository.commitUnseen();
  const behind = push('origin', 'old');
  expect(behind.status).not.toBe(0);
  expect(behind.stderr).toContain('no secret found');
  expect(push('--force', 'origin', 'old')).toMatchObject({ status: 0 });
  repository.ask('commit', '-q', '--no-verify', '--amend', '-m', 'rewritten');
  expect(push('--force', 'origin', 'old')).toMatchObject({ status: 0 });
});
