import { GitError } from './errors.ts';
import type { Git } from './run.ts';
import { listTree } from './tree.ts';
import { listIndex } from './update-index.ts';

/**
 * The id of what a name such as `:0:path` or `COMMIT:path` stands for, found in the listing of the
 * index or the tree: for names that cannot be asked for by a line. null when there is no such object.
 */
export async function findListed(git: Git, name: string): Promise<string | null> {
  if (!name.includes(':')) {
    throw new GitError('ERR_GIT_PATH', 'a revision with a line break cannot be asked for');
  }
  const colon = name.startsWith(':0:') ? 2 : name.indexOf(':');
  const path = name.slice(colon + 1);
  if (name.startsWith(':0:')) {
    const entry = (await listIndex(git)).find((one) => one.path === path && one.stage === 0);
    return entry?.oid ?? null;
  }
  for await (const entry of listTree(git, name.slice(0, colon))) {
    if (entry.path === path) return entry.oid;
  }
  return null;
}
