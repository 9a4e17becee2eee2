import { delimiter, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { PluginHost } from './age-plugin-host.ts';
import { isPluginName } from './age-recipient.ts';

export interface PluginSearch {
  readonly host: PluginHost;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Root of the repository worked on: nothing in it is ever started. null outside of one. */
  readonly repository: string | null;
}

/**
 * The program `age-plugin-NAME`: on an absolute entry of PATH, outside the repository, not in the
 * current directory and not in a `node_modules/.bin`, links resolved. null when there is none.
 */
export async function findPlugin(name: string, search: PluginSearch): Promise<string | null> {
  if (!isPluginName(name)) return null;
  for (const directory of (search.env.PATH ?? '').split(delimiter)) {
    if (!isAbsolute(directory) || isForbidden(directory, search)) continue;
    if (resolve(directory) === resolve(search.cwd)) continue;
    const program = await search.host.resolveExecutable(join(directory, `age-plugin-${name}`));
    if (program !== null && !isForbidden(program, search)) return program;
  }
  return null;
}

function isForbidden(path: string, search: PluginSearch): boolean {
  if (`${resolve(path)}${sep}`.includes(`${sep}node_modules${sep}.bin${sep}`)) return true;
  return search.repository !== null && isInside(path, search.repository);
}

function isInside(path: string, root: string): boolean {
  const way = relative(resolve(root), resolve(path));
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
