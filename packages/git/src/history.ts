import { GitError } from './errors.ts';
import type { GitPath } from './path.ts';
import { pathToBytes } from './path.ts';
import { assertOid } from './revisions.ts';
import type { Git } from './run.ts';

export interface FileCommit {
  readonly commit: string;
  /** Seconds since 1970, the committer's clock. */
  readonly time: number;
}

/**
 * The commits that changed one path and lead to what it is at `commit`, oldest first. Renames are not
 * followed. In a shallow clone the oldest one known stands for all before it.
 * @throws GitError ERR_GIT_PATH for a path with a line break, which Git cannot take here
 */
export async function fileHistory(git: Git, commit: string, path: GitPath): Promise<FileCommit[]> {
  const name = pathToBytes(path);
  if (name.includes(10)) {
    throw new GitError(
      'ERR_GIT_PATH',
      'the history of a path with a line break cannot be asked for',
    );
  }
  const input = Buffer.concat([Buffer.from(`${assertOid(commit)}\n--\n`), name, Buffer.from('\n')]);
  const args = ['rev-list', '--reverse', '--topo-order', '--timestamp', '--stdin'];
  const { stdout } = await git.run(args, { input });
  return stdout
    .toString('latin1')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ time: Number(line.split(' ')[0]), commit: line.split(' ')[1] ?? '' }));
}
