import { statSync } from 'node:fs';
import { CommandError } from '../command-error.ts';

/** @throws CommandError when there is no such folder */
export function requireFolder(folder: string, shown: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const hint = 'Name a folder: tidelock check [DIR]';
  throw new CommandError('ERR_NO_FILE', 2, `${shown} is no folder that can be read`, hint);
}
