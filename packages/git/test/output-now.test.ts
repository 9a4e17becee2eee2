import { createGit, ObjectReader } from '@tidelock/git';
import { afterEach, describe, expect, test } from 'vitest';
import { temporaryRepository, testEnv } from './temporary-repository.ts';

const inner = process as { binding?: unknown };
const { binding } = inner;
afterEach(() => {
  inner.binding = binding;
});

describe.each([
  ['as Node has it', () => undefined],
  [
    'in a Node that hands out nothing of its own',
    () => {
      inner.binding = () => {
        throw new Error('no such module');
      };
    },
  ],
])('a short Git process, %s', (_, prepare) => {
  test('gives its output, or nothing for whatever else', () => {
    prepare();
    const repository = temporaryRepository();
    const commit = repository.commit('one');
    const git = createGit(repository.root, testEnv);
    expect(git.outputNow(['rev-parse', 'HEAD'])?.toString()).toBe(`${commit}\n`);
    const input = Buffer.from('info HEAD\n');
    const answer = git.outputNow(['cat-file', '--batch-command'], { input });
    expect(answer?.toString()).toMatch(new RegExp(`^${commit} commit \\d+\n$`));
    expect(git.outputNow(['rev-parse', '--verify', 'no-such'])).toBeNull();
    expect(git.outputNow(['rev-parse', 'HEAD'], { maxOutput: 10 })).toBeNull();
  });

  test('has objects at hand that are asked for later', async () => {
    prepare();
    const repository = temporaryRepository();
    repository.write('a', 'blob 3\n\nmissing\n');
    repository.write('large', 'x'.repeat(17 * 1024 * 1024));
    repository.commit('one');
    const git = createGit(repository.root, testEnv);
    const oid = repository.git('rev-parse', ':0:a');
    const started: string[][] = [];
    const counted = {
      ...git,
      start: (args: readonly string[]) => (started.push([...args]), git.start(args)),
    };

    const reader = new ObjectReader(counted);
    reader.preload([':0:a', ':0:none', 'MERGE_HEAD', 'a\nb', oid]);
    const read = await reader.readBlob(':0:a', { maxBytes: 100 });
    expect(read).toMatchObject({ kind: 'blob', oid });
    expect(read.kind === 'blob' && Buffer.from(read.bytes).toString()).toBe('blob 3\n\nmissing\n');
    expect(await reader.readBlob(oid, { maxBytes: 3 })).toMatchObject({ kind: 'too-large' });
    expect(await reader.info(':0:none')).toBeNull();
    expect(await reader.info('MERGE_HEAD')).toBeNull();
    expect(started).toEqual([]);

    const another = new ObjectReader(counted);
    another.preload([':0:a', ':0:large']);
    expect(await another.info(':0:large')).toMatchObject({ size: 17 * 1024 * 1024 });
    expect(started).toHaveLength(1);
    another.close();
  });
});
