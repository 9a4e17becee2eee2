import { type Git, listIndex } from '@tidelock/git';
import type { Batch } from './changed-file.ts';

/** All that the index holds, as if the next commit were the first. */
export async function trackedBatch(git: Git): Promise<Batch> {
  const entries = await listIndex(git);
  const files = entries
    .filter(({ stage }) => stage === 0)
    .map(({ path, mode, oid }) => ({ path, mode, oid, before: [] }));
  return { commit: null, files, changes: [] };
}
