import { TidelockError } from '@tidelock/core';
import { GitError } from '@tidelock/git';
import { escapeCommandData } from '@tidelock/guard';
import { ActionError } from './action-error.ts';
import { runAction } from './run-action.ts';

const COULD_NOT_RUN = 2;

const log = (text: string) => void process.stdout.write(text);

try {
  process.exitCode = await runAction({ env: process.env, now: () => new Date(), log });
} catch (error) {
  process.exitCode = COULD_NOT_RUN;
  const { message, hint } = inWords(error);
  const lines = [message, ...hint.split('\n')].map(escapeCommandData).join('%0A');
  log(`::error title=tidelock could not run::${lines}\n`);
}

/** The message of an error that is not ours may hold anything: its name alone is shown. */
function inWords(error: unknown): { readonly message: string; readonly hint: string } {
  if (error instanceof ActionError || error instanceof GitError)
    return { message: error.message, hint: error.hint ?? '' };
  if (error instanceof TidelockError) {
    const { path, position, message } = error;
    const place = position === undefined ? '' : `:${position.line}:${position.column}`;
    return {
      message: path === undefined ? message : `${path}${place}: ${message}`,
      hint: error.hint ?? '',
    };
  }
  const name = error instanceof Error ? error.name : 'unknown error';
  return { message: `an error of its own (${name})`, hint: 'Please report it.' };
}
