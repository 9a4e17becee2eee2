import { posix } from 'node:path';
import { type GitPath, pathFromBytes } from '@tidelock/git';
import { notExamined, type Source } from '@tidelock/guard';
import type { BaseTree } from './base-tree.ts';

/** Why the contents of a file are not in the commit though its name is, or null. */
export function storedElsewhere(source: Source): string | null {
  return notExamined(source) === 'lfs-pointer'
    ? 'it is kept in Git LFS: only a pointer is in the commit, so nobody can tell who reads it'
    : null;
}

/**
 * Of symbolic links at these paths, those that lead to nothing in the commit. What a link leads to
 * within it is a file of its own.
 */
export async function linksToElsewhere(
  { side, reader }: Pick<BaseTree, 'side' | 'reader'>,
  paths: readonly GitPath[],
): Promise<readonly GitPath[]> {
  const names = new Set<string>();
  for (const path of side.entries.keys())
    for (let at = path; at !== '.'; at = posix.dirname(at)) {
      if (names.has(at)) break;
      names.add(at);
    }
  const lost: GitPath[] = [];
  for (const path of paths) {
    const blob = await reader.readBlob(side.entries.get(path)?.oid ?? '', { maxBytes: 4096 });
    const target = blob.kind === 'blob' ? pathFromBytes(blob.bytes) : '/';
    const leadsTo = posix.join(posix.dirname(path), target).replace(/\/$/, '');
    if (posix.isAbsolute(target) || !names.has(leadsTo)) lost.push(path);
  }
  return lost;
}
