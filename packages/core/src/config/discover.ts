import type { ReadFile } from '../ports.ts';

export const CONFIG_NAME = '.sops.yaml';
const MISNAMED = '.sops.yml';
const MOST_LEVELS = 100;

export interface Discovery {
  /** Absolute; null when there is none. */
  readonly path: string | null;
  readonly bytes: Uint8Array | null;
  readonly warnings: readonly string[];
}

/** sops' own look-up: from a folder upward (SOPS-FORMAT 8.1). `folder` is absolute, with `/`. */
export async function discoverSopsConfig(folder: string, readFile: ReadFile): Promise<Discovery> {
  const warnings: string[] = [];
  for (const at of foldersUpward(folder).slice(0, MOST_LEVELS)) {
    const path = joinName(at, CONFIG_NAME);
    const bytes = await readFile(path);
    if (bytes !== null) return { path, bytes, warnings };
    const misnamed = joinName(at, MISNAMED);
    if (warnings.length === 0 && (await readFile(misnamed)) !== null) {
      warnings.push(
        `ignoring "${MISNAMED}" when searching for config file; the config file must be called "${CONFIG_NAME}" (found ${misnamed})`,
      );
    }
  }
  return { path: null, bytes: null, warnings };
}

/**
 * Where the configuration that judges a file may stand: its own folder and those above it, nearest
 * first, never outside the repository. Paths relative to the repository, with `/`.
 */
export function configCandidates(filePath: string): readonly string[] {
  const parts = filePath.split('/').slice(0, -1);
  return Array.from({ length: parts.length + 1 }, (_, i) =>
    [...parts.slice(0, parts.length - i), CONFIG_NAME].join('/'),
  );
}

function foldersUpward(folder: string): readonly string[] {
  const folders: string[] = [];
  for (let at = folder.replace(/\/+$/, ''); ; at = at.slice(0, at.lastIndexOf('/'))) {
    folders.push(at === '' ? '/' : at);
    if (!at.includes('/') || at === '') return folders;
  }
}

const joinName = (folder: string, name: string) =>
  folder.endsWith('/') ? folder + name : `${folder}/${name}`;
