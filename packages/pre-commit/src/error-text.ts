import { TidelockError } from '@tidelock/core';
import { GitError } from '@tidelock/git';
import { escapeTerminal } from '@tidelock/guard';
import { FAILED, USAGE } from './exit-codes.ts';

/** An error of Git's or of ours. Git may have quoted a name: it is made harmless as file names are. */
export function errorText(error: unknown): string {
  const text = error instanceof Error ? error.message : 'unknown error';
  const { path, position } = error instanceof TidelockError ? error : {};
  const place =
    path === undefined ? '' : `${path}:${position?.line ?? 1}:${position?.column ?? 1}: `;
  const message = place + text;
  const hint =
    (error instanceof GitError || error instanceof TidelockError) && error.hint !== undefined
      ? `hint: ${escapeTerminal(error.hint)}\n`
      : '';
  return `tidelock: the examination failed: ${escapeTerminal(message)}\n${hint}`;
}

/** Mistakes in a configuration or in the arguments are the user's to mend; the rest is a failure. */
export function exitCodeOf(error: unknown): number {
  const isUsage =
    error instanceof TidelockError ||
    (error instanceof GitError && error.code === 'ERR_GIT_REVISION');
  return isUsage ? USAGE : FAILED;
}
