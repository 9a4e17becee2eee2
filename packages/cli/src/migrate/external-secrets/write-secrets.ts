import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomically } from '../../files/write-atomically.ts';
import { type FileChange, requireWritable, writeChanges } from '../../init/file-change.ts';
import type { Around } from './around.ts';
import type { EncryptedSecret } from './encrypt-secrets.ts';

/**
 * Rules first, then the Secrets, who names them, and last what they stand for, each only where it is
 * still what was planned: a kill in between leaves too much and never too little.
 * @throws WriteError, CommandError
 */
export async function writeSecrets(
  root: string,
  config: FileChange | null,
  done: readonly EncryptedSecret[],
  { changes, trimmed, removed }: Around,
): Promise<void> {
  const before = config === null ? [] : [config];
  const places = [...done.map(({ planned }) => planned), ...removed].map(({ path }) => ({
    path,
    before: null,
    after: '',
    context: 0,
  }));
  requireWritable(root, [...before, ...changes, ...trimmed, ...places]);
  await writeChanges(root, before);
  for (const { planned, bytes } of done) {
    const expected = planned.inPlace ? planned.manifest.source.bytes : null;
    await writeAtomically({ path: join(root, planned.path), bytes, expected });
  }
  await writeChanges(root, [...changes, ...trimmed]);
  for (const { path, bytes } of removed) {
    const file = join(root, path);
    if (readFileSync(file).equals(bytes)) rmSync(file);
  }
}
