import { type Clock, DataKeyError, type KeyService, TidelockError } from '@tidelock/core';
import type { PlannedFile } from '../plan/plan.ts';
import { proveRewritten } from '../rewrite/prove-rewrite.ts';
import { type RewrittenFile, rewriteFiles } from '../rewrite/rewrite-plan.ts';
import { isPlannedForm } from '../shard/check-results.ts';
import type { Results } from '../shard/results.ts';

/** Where new files come from. */
export interface FileSource {
  /** One for each, in order; what cannot be had is left out. */
  rewrite(files: readonly PlannedFile[]): AsyncIterable<RewrittenFile>;
  /** Whether a branch's bytes are the planned file rewritten; null: no key at hand can tell. */
  isRewritten(file: PlannedFile, bytes: FileBytes): Promise<boolean | null>;
}

export interface FileBytes {
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export interface RewritingOptions {
  readonly readBase: (path: string) => Promise<Uint8Array | null>;
  readonly services: readonly KeyService[];
  readonly clock: Clock;
}

/** Rewrites them here, with the keys at hand. */
export function rewritingSource(options: RewritingOptions): FileSource {
  const { services } = options;
  return {
    rewrite: (files) => rewriteFiles(files, options),
    async isRewritten(file, { before, after }) {
      try {
        await proveRewritten(before, after, { file, services });
        return true;
      } catch (error) {
        if (error instanceof DataKeyError) return null;
        if (error instanceof TidelockError) return false;
        throw error;
      }
    },
  };
}

/** Takes them from what shards wrote; no key is needed, and what takes one is not proved again. */
export function resultsSource({ files: results }: Results): FileSource {
  return {
    async *rewrite(files) {
      for (const file of files) {
        const missing = { kind: 'left-out', reason: 'no shard has rewritten it' } as const;
        yield { file, result: results.get(file.path) ?? missing };
      }
    },
    isRewritten: async (file, bytes) => (isPlannedForm(file, bytes) ? null : false),
  };
}
