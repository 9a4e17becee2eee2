import type { Source } from '../source.ts';
import { readKustomization } from './kustomization.ts';
import { folderOf, joinPath } from './paths.ts';
import { isKustomization } from './reach.ts';

/** Files that kustomizations use as patches: parts of objects, and no objects. */
export function patchFiles(sources: readonly Source[]): ReadonlySet<string> {
  const paths = sources
    .filter(isRead)
    .flatMap((source) =>
      (readKustomization(source)?.references ?? [])
        .filter(({ use }) => use === 'patch' || use === 'old-patch')
        .flatMap(({ path }) => joinPath(folderOf(source.path), path) ?? []),
    );
  return new Set(paths);
}

/** Kustomizations that patch, replace or select objects of a kind in their own text. */
export function kustomizationsOfKind(sources: readonly Source[], kind: string): readonly Source[] {
  const names = new RegExp(`kind["']?:\\s{0,9}["']?${kind}\\b`);
  return sources.filter((source) => isRead(source) && names.test(source.text ?? ''));
}

const isRead = ({ path, mode }: Source) => mode === null && isKustomization(path);
