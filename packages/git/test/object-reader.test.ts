import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createGit, ObjectReader } from '@tidelock/git';
import { expect, test } from 'vitest';
import { temporaryFolder, temporaryRepository, testEnv } from './temporary-repository.ts';

/** A `git` of before 2.36: knows no --batch-command. */
function oldGit(): string {
  const folder = temporaryFolder();
  const real = (testEnv.PATH ?? '').split(':').map((entry) => join(entry, 'git'));
  writeFileSync(
    join(folder, 'git'),
    `#!/bin/sh\nfor a in "$@"; do [ "$a" = --batch-command ] && { echo usage >&2; exit 129; }; done\nfor g in ${real.join(' ')}; do [ -x "$g" ] && exec "$g" "$@"; done\n`,
  );
  chmodSync(join(folder, 'git'), 0o755);
  return `${folder}:${testEnv.PATH}`;
}

for (const [version, env] of [
  ['this Git', testEnv],
  ['a Git before 2.36', { ...testEnv, PATH: oldGit() }],
] as const) {
  test(`${version}: contents, sizes and what is missing`, async () => {
    const repository = temporaryRepository();
    const contents = ['', 'a', 'line\n\nblob 3\n', '\0'.repeat(100_000), 'x'.repeat(300_000)];
    for (const [i, content] of contents.entries()) repository.write(`f ${i}`, content);
    repository.commit('one');
    const reader = new ObjectReader(createGit(repository.root, env));
    const read = [];
    const wanted = [...contents.keys()].map((i) => `:0:f ${i}`);
    for await (const blob of reader.readBlobs([...wanted, ':0:no such', 'HEAD'], {
      maxBytes: 200_000,
      windowBytes: 10,
    })) {
      read.push(blob.kind === 'blob' ? Buffer.from(blob.bytes).toString() : blob.kind);
    }
    expect(read).toEqual([...contents.slice(0, 4), 'too-large', 'missing', 'not-a-blob']);
    expect((await reader.info('HEAD'))?.type).toBe('commit');
    expect(await reader.info('MERGE_HEAD')).toBeNull();
    writeFileSync(
      Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from([0xff, 0x5c])]),
      '1',
    );
    repository.git('add', '-A');
    // Git reads the index once in the life of a process.
    const later = new ObjectReader(createGit(repository.root, env));
    expect((await later.info(':0:\\xFF\\'))?.size).toBe(1);
    later.close();
    await expect(reader.info('HEAD\\x0Ainfo HEAD')).rejects.toMatchObject({ code: 'ERR_GIT_PATH' });
    await expect(reader.info('a\nb')).rejects.toMatchObject({ code: 'ERR_GIT_PATH' });
    reader.close();
  });
}

test('a thousand blobs in order', async () => {
  const repository = temporaryRepository();
  mkdirSync(join(repository.root, 'd'));
  for (let i = 0; i < 1000; i++) repository.write(`d/${i}`, `content ${i}\n`.repeat(i % 50));
  repository.git('add', '-A');
  const reader = new ObjectReader(createGit(repository.root, testEnv));
  let i = 0;
  const names = Array.from({ length: 1000 }, (_, n) => `:0:d/${n}`);
  for await (const blob of reader.readBlobs(names, { maxBytes: 1e6, windowBytes: 4096 })) {
    expect(blob.kind === 'blob' && Buffer.from(blob.bytes).toString()).toBe(
      `content ${i}\n`.repeat(i % 50),
    );
    i++;
  }
  expect(i).toBe(1000);
  reader.close();
});

test('outside of a repository every request is refused', async () => {
  const reader = new ObjectReader(createGit(temporaryFolder(), testEnv));
  await expect(reader.info('HEAD')).rejects.toMatchObject({ code: 'ERR_GIT_NOT_A_REPOSITORY' });
  await expect(reader.info('HEAD')).rejects.toMatchObject({ code: 'ERR_GIT_NOT_A_REPOSITORY' });
});

test('a name with a line break is found in the index and in a commit', async () => {
  const repository = temporaryRepository();
  const path = 'a\nb/c \u00e9';
  repository.write(path, 'one');
  const commit = repository.commit('one');
  repository.write(path, 'longer');
  repository.git('add', '-A');
  const reader = new ObjectReader(createGit(repository.root, testEnv));
  expect((await reader.info(`:0:${path}`))?.size).toBe(6);
  expect((await reader.info(`${commit}:${path}`))?.size).toBe(3);
  expect(await reader.info(':0:a\nb')).toBeNull();
  expect(await reader.info(`${commit}:b\na`)).toBeNull();
  reader.close();
});
