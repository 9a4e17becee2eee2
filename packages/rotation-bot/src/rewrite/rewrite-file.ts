import type { Clock, KeyService, Limiter, RandomBytes } from '@tidelock/core';
import type { PlannedFile } from '../plan/plan.ts';
import type { Rewritten } from './rewritten.ts';

export interface RewriteOptions {
  readonly services: readonly KeyService[];
  readonly clock: Clock;
  /** Shared by all files of a run. */
  readonly limiter?: Limiter;
  readonly randomBytes?: RandomBytes;
}

/**
 * Rewrites one file in memory as planned and proves the result. Never throws for what the file holds
 * or a key service answers: such a file is left out with the reason.
 */
export async function rewriteFile(
  _bytes: Uint8Array,
  _file: PlannedFile,
  _options: RewriteOptions,
): Promise<Rewritten> {
  return { kind: 'left-out', reason: 'not rewritten yet' };
}
