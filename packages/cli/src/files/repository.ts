import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The root of the Git work tree that holds a folder, or null. */
export function repositoryOf(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}
