import { CommandError } from '../command-error.ts';

const COULD_NOT_RUN = 2;

/** Something that is wrong with what was asked for; nothing was written. */
export function refused(message: string, hint: string): CommandError {
  return new CommandError('ERR_USAGE', COULD_NOT_RUN, message, hint);
}
