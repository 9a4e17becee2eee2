import { realpathSync, statSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { CommandError } from '../command-error.ts';
import { repositoryOf } from '../files/repository.ts';

const COULD_NOT_RUN = 2;

export interface RepositoryFolder {
  /** The top of the work tree. */
  readonly root: string;
  /** The named folder below it; `''` or with a final `/`. */
  readonly prefix: string;
}

/**
 * Where something is moved: the folder that a command names, else the one it runs in.
 * @throws CommandError outside of a repository
 */
export function repositoryFolder(
  cwd: string,
  source: string,
  [shown = '.', second]: readonly string[],
): RepositoryFolder {
  if (second !== undefined)
    throw misused(`migrate ${source} takes one folder`, `tidelock migrate ${source} [DIR]`);
  const named = resolve(cwd, shown);
  if (statSync(named, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw misused(`${shown} is no folder`, 'Check the name.');
  const folder = realpathSync(named);
  const root = repositoryOf(folder);
  if (root === null)
    throw misused('this folder is in no Git repository', 'git init first: a way back is needed.');
  const below = relative(root, folder).split(sep).join('/');
  return { root, prefix: below === '' ? '' : `${below}/` };
}

function misused(message: string, hint: string): CommandError {
  return new CommandError('ERR_USAGE', COULD_NOT_RUN, message, hint);
}
