import type { Env } from './find-git.ts';
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

/**
 * The id that `git add` would give these bytes at this path, by the repository's line ends and
 * encodings; its filters do not run. null where it would refuse them.
 */
export async function stagedId(git: Git, path: string, bytes: Uint8Array): Promise<string | null> {
  const { options, env } = await withoutFilters(git);
  const args = [...options, 'hash-object', '--stdin', `--path=${path}`];
  const { status, stdout } = await git.run(args, { input: bytes, env, answers: [0, 128] });
  return status === 0 ? assertOid(stdout.toString('latin1').trim()) : null;
}

/** Takes the programs out of every filter that is configured: an entry as young as the index is run through. */
async function withoutFilters(git: Git): Promise<{ options: readonly string[]; env: Env }> {
  const pattern = '^filter\\..*\\.(clean|smudge|process|required)$';
  const args = ['config', '--name-only', '-z', '--get-regexp', pattern];
  const { stdout } = await git.run(args, { answers: [0, 1] });
  const names = new Set(records(stdout).map((name) => name.toString('utf8')));
  const options = Array.from(names, (name) => {
    const value = name.endsWith('.required') ? 'TIDELOCK_FALSE' : 'TIDELOCK_EMPTY';
    return `--config-env=${name}=${value}`;
  });
  return { options, env: { TIDELOCK_FALSE: 'false', TIDELOCK_EMPTY: '' } };
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
export async function updateIndex(git: Git, updates: readonly IndexUpdate[]): Promise<void> {
  const pieces = updates.flatMap(({ path, mode, oid }) => [
    Buffer.from(`${isZeroOid(oid) ? '0' : mode} ${assertOid(oid)}\t`, 'latin1'),
    pathToBytes(path),
    Buffer.from([0]),
  ]);
  const { options, env } = await withoutFilters(git);
  await git.run([...options, 'update-index', '-z', '--index-info'], {
    input: Buffer.concat(pieces),
    env,
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
