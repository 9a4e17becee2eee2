import { join } from 'node:path';
import { configCandidates } from '@tidelock/core';
import type { Source } from '@tidelock/guard';
import type { Ports } from '../ports.ts';

export interface PolicyFile {
  /** Relative to the repository. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const isSopsConfig = (path: string) => path === '.sops.yaml' || path.endsWith('/.sops.yaml');

/** Every `.sops.yaml` among the sources; a link in its place is none. */
export function creationFiles(sources: readonly Source[], prefix: string): readonly PolicyFile[] {
  return sources
    .filter(({ path, mode }) => isSopsConfig(path) && mode !== '120000' && mode !== '160000')
    .map(({ path, bytes }) => ({ path: prefix + path, bytes }));
}

/** Every `.sops.yaml` above the folder, within the repository. */
export async function creationFilesAbove(
  ports: Ports,
  root: string,
  prefix: string,
): Promise<readonly PolicyFile[]> {
  if (prefix === '') return [];
  const found: PolicyFile[] = [];
  for (const path of configCandidates(prefix.slice(0, -1))) {
    const bytes = await ports.readFile(join(root, path));
    if (bytes !== null) found.push({ path, bytes });
  }
  return found;
}
