import { GitError } from './errors.ts';
import { isOid } from './parse.ts';
import type { Git } from './run.ts';

/**
 * The commit that a revision names (`HEAD`, a branch, an id, `A~2`).
 * @throws GitError ERR_GIT_REVISION when it names none
 */
export async function resolveCommit(git: Git, revision: string): Promise<string> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const { status, stdout } = await git.run(args, { answers: [0, 1, 128] });
  const oid = stdout.toString('latin1').trim();
  if (status === 0 && isOid(oid)) return oid;
  throw new GitError('ERR_GIT_REVISION', `no commit is named ${JSON.stringify(revision)}`, {
    hint: 'In a shallow clone or without the branch fetched it may be missing: fetch it first.',
  });
}

/** The best common ancestor, or null when the histories have nothing in common. */
export async function mergeBase(git: Git, a: string, b: string): Promise<string | null> {
  const { stdout } = await git.run(['merge-base', assertOid(a), assertOid(b)], { answers: [0, 1] });
  const oid = stdout.toString('latin1').trim();
  return isOid(oid) ? oid : null;
}

/** Whether `ancestor` is reachable from `commit`. */
export async function isAncestor(git: Git, ancestor: string, commit: string): Promise<boolean> {
  const args = ['merge-base', '--is-ancestor', assertOid(ancestor), assertOid(commit)];
  return (await git.run(args, { answers: [0, 1] })).status === 0;
}

export interface Ref {
  readonly name: string;
  readonly oid: string;
}

/** Refs under a prefix (`refs/heads/`), in Git's order; an annotated tag gives its own id. */
export async function listRefs(git: Git, prefix: string): Promise<Ref[]> {
  const { stdout } = await git.run(['for-each-ref', '--format=%(objectname) %(refname)']);
  return stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({
      oid: line.slice(0, line.indexOf(' ')),
      name: line.slice(line.indexOf(' ') + 1),
    }))
    .filter((ref) => ref.name.startsWith(prefix));
}

/** The full name of the checked-out branch, also before its first commit; null when detached. */
export async function headBranch(git: Git): Promise<string | null> {
  const { status, stdout } = await git.run(['symbolic-ref', '--quiet', 'HEAD'], {
    answers: [0, 1],
  });
  return status === 0 ? stdout.toString('utf8').trimEnd() : null;
}

/** The id of the empty tree in this repository's hash. */
export async function emptyTree(git: Git): Promise<string> {
  const { stdout } = await git.run(['hash-object', '-t', 'tree', '--stdin']);
  return stdout.toString('latin1').trim();
}

/** @throws GitError ERR_GIT_REVISION */
export function assertOid(oid: string): string {
  if (!isOid(oid)) throw new GitError('ERR_GIT_REVISION', 'that is not an object id');
  return oid;
}
