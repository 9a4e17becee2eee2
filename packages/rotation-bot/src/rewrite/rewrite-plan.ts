import type { Clock, KeyService, Limiter } from '@tidelock/core';
import { createLimiter } from '@tidelock/core';
import type { PlannedFile } from '../plan/plan.ts';
import { rewriteFile } from './rewrite-file.ts';
import type { Rewritten } from './rewritten.ts';

export interface RewritePlanOptions {
  /** The file's bytes at the plan's base; null when it is not there. */
  readonly readBase: (path: string) => Promise<Uint8Array | null>;
  readonly services: readonly KeyService[];
  readonly clock: Clock;
}

export interface RewrittenFile {
  readonly file: PlannedFile;
  readonly result: Rewritten;
}

/** Files under way at once: enough to keep network and processor busy. */
const FILES_AT_ONCE = 32;
const CALLS_AT_ONCE = 16;

/** Rewrites files in the given order, so many at a time; what is left out holds up nothing. */
export async function* rewriteFiles(
  files: readonly PlannedFile[],
  options: RewritePlanOptions,
): AsyncGenerator<RewrittenFile> {
  const limiter = createLimiter(CALLS_AT_ONCE);
  const underway: Promise<RewrittenFile>[] = [];
  let next = 0;
  while (next < files.length || underway.length > 0) {
    while (underway.length < FILES_AT_ONCE && next < files.length) {
      const file = files[next++];
      if (file !== undefined) underway.push(rewriteOne(file, { ...options, limiter }));
    }
    const first = underway.shift();
    if (first !== undefined) yield await first;
  }
}

async function rewriteOne(
  file: PlannedFile,
  { readBase, ...options }: RewritePlanOptions & { readonly limiter: Limiter },
): Promise<RewrittenFile> {
  const bytes = await readBase(file.path).catch(() => null);
  if (bytes === null)
    return { file, result: { kind: 'left-out', reason: 'it is not at the commit of the plan' } };
  return { file, result: await rewriteFile(bytes, file, options) };
}
