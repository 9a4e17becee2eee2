import { type IndexEntry, isZeroOid, parseIndexEntry, records } from './parse.ts';
import { type GitPath, pathToBytes } from './path.ts';
import { assertOid } from './revisions.ts';
import type { Git } from './run.ts';

/** Stores the bytes as a blob, exactly as they are, and returns its id. */
export async function writeBlob(git: Git, bytes: Uint8Array): Promise<string> {
  const args = ['hash-object', '-w', '--no-filters', '--stdin'];
  const { stdout } = await git.run(args, { input: bytes });
  return assertOid(stdout.toString('latin1').trim());
}

export interface IndexUpdate {
  readonly path: GitPath;
  readonly mode: string;
  readonly oid: string;
}

/**
 * Puts all the entries into the index at once: Git writes a new index beside the old one and renames
 * it, so that a kill leaves the one or the other. An all-zero id removes the path.
 */
export async function updateIndex(
  git: Git,
  updates: readonly IndexUpdate[],
  indexFile?: string,
): Promise<void> {
  const pieces = updates.flatMap(({ path, mode, oid }) => [
    Buffer.from(`${isZeroOid(oid) ? '0' : mode} ${assertOid(oid)}\t`, 'latin1'),
    pathToBytes(path),
    Buffer.from([0]),
  ]);
  await git.run(['update-index', '-z', '--index-info'], {
    input: Buffer.concat(pieces),
    ...(indexFile === undefined ? {} : { env: { GIT_INDEX_FILE: indexFile } }),
  });
}

/** Every entry of the index. */
export async function listIndex(git: Git): Promise<IndexEntry[]> {
  const { stdout } = await git.run([
    'ls-files',
    '--stage',
    '--full-name',
    '-z',
    '--',
    ...topOf(git),
  ]);
  return records(stdout).map(parseIndexEntry);
}

/** `ls-files` speaks of the current folder unless told otherwise. */
function topOf(git: Git): string[] {
  return git.workTree === null || git.env.GIT_DIR ? [] : [git.workTree];
}
