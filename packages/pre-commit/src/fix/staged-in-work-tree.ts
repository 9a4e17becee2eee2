import { join, relative } from 'node:path';
import { isPlainPath, type Repository, stagedId, WorkTreeFile } from '@tidelock/git';
import type { ChangedFile } from '../changed-file.ts';

/**
 * What the work tree holds, where that is what was staged: byte for byte, or but for line ends that
 * Git converts. null for anything else.
 */
export async function stagedInWorkTree(
  { git, root }: Repository,
  { path, oid }: ChangedFile,
  staged: Uint8Array,
): Promise<Uint8Array | null> {
  const bytes = await new WorkTreeFile(root, path).read();
  if (bytes === null || Buffer.compare(bytes, staged) === 0) return bytes;
  // A name that is not UTF-8 cannot be given to a program.
  if (!isPlainPath(path) || withoutReturns(bytes) !== withoutReturns(staged)) return null;
  const name = relative(git.cwd, join(root, path));
  return (await stagedId(git, name, bytes)) === oid ? bytes : null;
}

function withoutReturns(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1').replaceAll('\r\n', '\n');
}
