import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type HooksFolder, hooksFolder, type Repository } from '@tidelock/git';

/** Who runs the Git hooks of a repository. */
export type HookManager =
  | { readonly kind: 'husky' | 'pre-commit' | 'simple-git-hooks' }
  | { readonly kind: 'lefthook'; readonly file: string }
  /** Hooks of the repository itself, in a folder that is committed. */
  | { readonly kind: 'committed-folder'; readonly folder: string }
  /** A folder for every repository of this machine. */
  | { readonly kind: 'machine-folder'; readonly folder: string }
  | { readonly kind: 'none' };

const LEFTHOOK = /^(?:\.config\/)?\.?lefthook\.(?:ya?ml|toml|json)$/;

export async function detectHookManager(
  repository: Repository,
  paths: readonly string[],
): Promise<HookManager> {
  const folder = await hooksFolder(repository);
  if (isHusky(repository.root, folder, paths)) return { kind: 'husky' };
  const lefthook = paths.find((path) => LEFTHOOK.test(path));
  if (lefthook !== undefined) return { kind: 'lefthook', file: lefthook };
  if (paths.includes('.pre-commit-config.yaml')) return { kind: 'pre-commit' };
  if (manifestOf(repository.root).includes('"simple-git-hooks"'))
    return { kind: 'simple-git-hooks' };
  if (folder.scope === null) return { kind: 'none' };
  const within = relative(repository.root, folder.path).split(sep).join('/');
  if (within !== '' && !within.startsWith('..') && !within.startsWith('.git/'))
    return { kind: 'committed-folder', folder: within };
  return folder.scope === 'local' || folder.scope === 'worktree'
    ? { kind: 'none' }
    : { kind: 'machine-folder', folder: folder.path };
}

function isHusky(root: string, folder: HooksFolder, paths: readonly string[]): boolean {
  if (basename(dirname(folder.path)) === '.husky') return true;
  return paths.some((path) => path.startsWith('.husky/')) || /"husky"\s*:/.test(manifestOf(root));
}

function manifestOf(root: string): string {
  const file = join(root, 'package.json');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}
