import { resolve } from 'node:path';
import type { Env } from './find-git.ts';
import { createGit, type Git } from './run.ts';

/** What Git says about where it is; all paths absolute. */
export interface Repository {
  readonly git: Git;
  /** The top of the work tree. */
  readonly root: string;
  /** Of this work tree: HEAD, index, MERGE_HEAD. */
  readonly gitDir: string;
  /** Shared by all work trees: objects, refs, hooks. */
  readonly commonDir: string;
  /** The repository's own index, whatever GIT_INDEX_FILE says. */
  readonly indexFile: string;
  readonly isShallow: boolean;
}

/**
 * Asks Git about the repository around a folder.
 * @throws GitError ERR_GIT_NOT_A_REPOSITORY, ERR_GIT_NOT_FOUND
 */
export async function openRepository(cwd: string, env: Env): Promise<Repository> {
  const git = createGit(cwd, env);
  const { stdout } = await git.run([
    'rev-parse',
    '--path-format=absolute',
    '--show-toplevel',
    '--absolute-git-dir',
    '--git-common-dir',
    '--is-shallow-repository',
  ]);
  const [root = '', gitDir = '', commonDir = '', shallow = ''] = stdout
    .toString('utf8')
    .split('\n');
  return {
    git,
    root: resolve(root),
    gitDir: resolve(gitDir),
    commonDir: resolve(commonDir),
    indexFile: resolve(gitDir, 'index'),
    isShallow: shallow === 'true',
  };
}

/**
 * The folder Git takes hooks from for people who work in this repository: `core.hooksPath` where it
 * is set, and where it came from. For installing a hook only; our own processes never use one.
 */
export async function hooksFolder(repository: Repository): Promise<HooksFolder> {
  const args = ['config', '--show-scope', '--type=path', '--get-all', '-z', 'core.hooksPath'];
  const { stdout } = await repository.git.run(args, { answers: [0, 1] });
  const fields = stdout.toString('utf8').split('\0');
  let configured: { path: string; scope: string } | null = null;
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [scope = '', path = ''] = [fields[i], fields[i + 1]];
    if (scope !== 'command') configured = { scope, path };
  }
  if (configured === null) return { path: resolve(repository.commonDir, 'hooks'), scope: null };
  return { path: resolve(repository.root, configured.path), scope: configured.scope };
}

export interface HooksFolder {
  readonly path: string;
  /** `local`, `worktree`, `global` or `system` when core.hooksPath is set, else null. */
  readonly scope: string | null;
}
