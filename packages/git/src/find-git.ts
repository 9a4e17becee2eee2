import { accessSync, constants, existsSync, realpathSync, statSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { GitError } from './errors.ts';

export type Env = Readonly<Record<string, string | undefined>>;

/**
 * The top of the work tree that holds the folder, or null. Looks for `.git` upwards as Git does, so
 * that no process is needed; a bare repository that happens to lie in the way is not one.
 */
export function findWorkTree(cwd: string, env: Env): string | null {
  if (env.GIT_WORK_TREE) return resolve(cwd, env.GIT_WORK_TREE);
  if (env.GIT_DIR) return resolve(cwd);
  for (let folder = resolve(cwd); ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) return folder;
    if (dirname(folder) === folder) return null;
  }
}

/**
 * PATH without relative folders and without those inside the work tree: whoever writes to the
 * repository must not choose which `git` runs.
 */
export function pathOutside(path: string, workTree: string | null): string {
  const top = workTree === null ? null : real(workTree);
  return path
    .split(delimiter)
    .filter((folder) => folder !== '' && isAbsolute(folder))
    .filter(
      (folder) =>
        top === null || !(isInside(folder, workTree ?? top) || isInside(real(folder), top)),
    )
    .join(delimiter);
}

/**
 * The absolute path of the Git program.
 * @throws GitError ERR_GIT_NOT_FOUND
 */
export function findGit(path: string): string {
  const name = process.platform === 'win32' ? 'git.exe' : 'git';
  for (const folder of path.split(delimiter)) {
    if (folder === '') continue;
    const candidate = join(folder, name);
    if (isExecutable(candidate)) return candidate;
  }
  throw new GitError(
    'ERR_GIT_NOT_FOUND',
    'git is not on PATH (folders inside the work tree do not count)',
    {
      hint: 'Install Git 2.34 or later, or put its folder on PATH.',
    },
  );
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

function isInside(folder: string, top: string): boolean {
  const path = resolve(folder);
  return path === top || path.startsWith(top.endsWith(sep) ? top : top + sep);
}

function real(folder: string): string {
  try {
    return realpathSync.native(folder);
  } catch {
    return resolve(folder);
  }
}
