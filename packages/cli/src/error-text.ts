import { DataKeyError, TidelockError } from '@tidelock/core';
import { CommandError } from './command-error.ts';
import { ExitCodeError } from './exit-codes.ts';
import { WriteError } from './files/write-error.ts';
import { UsageError } from './flags.ts';
import { printable } from './terminal.ts';

/**
 * What a person reads when a command fails: what happened, where, what to do now, and the stable
 * code. Never a stack trace, never content of a file.
 */
export function errorText(error: unknown): string {
  if (error instanceof ExitCodeError) return errorText(error.error);
  if (error instanceof DataKeyError)
    return `${inFile(error.path)}${printable(error.report, true)}\n`;
  if (error instanceof TidelockError) {
    const place =
      error.position === undefined ? '' : `:${error.position.line}:${error.position.column}`;
    const where = error.path === undefined ? '' : `${error.path}${place}: `;
    const what =
      error.path === undefined && place !== ''
        ? `${error.message} (line ${error.position?.line}, column ${error.position?.column})`
        : error.message;
    return lines(`${where}${what}`, error.hint, error.code);
  }
  if (error instanceof CommandError || error instanceof WriteError) {
    return lines(error.message, error.hint, error.code);
  }
  if (error instanceof UsageError) return `Incorrect Usage: ${printable(error.message)}\n`;
  return (
    lines(
      'something unexpected went wrong inside tidelock; no file was written',
      'Run it again with TIDELOCK_DEBUG=1 for the place, and report it.',
      'ERR_INTERNAL',
    ) + debugText(error)
  );
}

function inFile(path: string | undefined): string {
  return path === undefined ? '' : `${printable(path)}: `;
}

function lines(message: string, hint: string | undefined, code: string): string {
  const first = `${printable(message, true)} [${code}]\n`;
  return hint === undefined ? first : `${first}hint: ${printable(hint, true)}\n`;
}

/** Function names and line numbers alone: a message could carry content. */
function debugText(error: unknown): string {
  if (process.env.TIDELOCK_DEBUG !== '1' || !(error instanceof Error)) return '';
  const frames = (error.stack ?? '')
    .split('\n')
    .filter((line) => line.trimStart().startsWith('at '));
  return `${error.name}\n${frames.join('\n')}\n`;
}
