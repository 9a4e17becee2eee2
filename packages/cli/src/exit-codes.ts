import { type ErrorCode, TidelockError } from '@tidelock/core';
import { CommandError } from './command-error.ts';
import { WriteError } from './files/write-error.ts';
import { UsageError } from './flags.ts';

/** sops' numbers where the meaning is sops' (SOPS-FORMAT 9.5); every other error is 1. */
const EXIT_CODES: ReadonlyMap<ErrorCode, number> = new Map<ErrorCode, number>([
  ['ERR_EMIT', 4],
  ['ERR_KMS_CONTEXT', 6],
  ['ERR_SET_VALUE', 7],
  ['ERR_NON_STRING_KEY', 23],
  ['ERR_COMMENT_SELECTION', 23],
  ['ERR_TOKEN', 25],
  ['ERR_NOT_A_TOKEN', 25],
  ['ERR_MAC_MISMATCH', 51],
  ['ERR_MAC_UNREADABLE', 51],
  ['ERR_EMPTY_DOCUMENT', 92],
  ['ERR_DECRYPTION_ORDER', 112],
  ['ERR_DATA_KEY_UNAVAILABLE', 128],
  ['ERR_ALREADY_ENCRYPTED', 203],
]);

const COULD_NOT_WRITE = 3;

/** A TidelockError that has another exit code in this place than elsewhere. */
export class ExitCodeError extends Error {
  readonly exitCode: number;
  readonly error: TidelockError;

  constructor(exitCode: number, error: TidelockError) {
    super(error.message);
    this.exitCode = exitCode;
    this.error = error;
  }
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof ExitCodeError) return error.exitCode;
  if (error instanceof CommandError) return error.exitCode;
  if (error instanceof WriteError) return COULD_NOT_WRITE;
  if (error instanceof TidelockError) return EXIT_CODES.get(error.code) ?? 1;
  if (error instanceof UsageError) return 1;
  return 1;
}
