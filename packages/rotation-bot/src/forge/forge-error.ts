import { type ErrorCode, TidelockError } from '@tidelock/core';
import { escapeControls } from '@tidelock/guard';

type ForgeCode = Extract<ErrorCode, `ERR_FORGE${string}`>;

export function forgeError(
  code: ForgeCode,
  message: string,
  rest: { readonly hint: string; readonly cause?: unknown },
): TidelockError {
  return new TidelockError(code, message, rest);
}

export const isForgeError = (error: unknown, code: ForgeCode): boolean =>
  error instanceof TidelockError && error.code === code;

const LONGEST = 300;

/** What a server says, fit to be repeated. */
export const serverWords = (text: string): string =>
  escapeControls(text.replace(/\s+/g, ' ').trim()).slice(0, LONGEST);
