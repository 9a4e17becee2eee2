import { accessSync, constants, lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError } from '../command-error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { errnoOf, isMissing } from '../ports.ts';
import type { TextChange } from './unified-diff.ts';

export interface FileChange extends TextChange {
  /** For a new file that is run, as a Git hook is. */
  readonly isProgram?: boolean;
}

const COULD_NOT_RUN = 2;
const LARGEST = 1024 * 1024;

/**
 * The text of a file that a change is about; null when it does not exist.
 * @throws CommandError where the path or a folder of it is a link or no regular file, or is no text
 */
export function readTarget(root: string, path: string): string | null {
  const parts = path.split('/');
  for (let i = 1; i <= parts.length; i++) {
    const part = parts.slice(0, i).join('/');
    const info = lstatSync(join(root, part), { throwIfNoEntry: false });
    if (info === undefined) return null;
    if (info.isSymbolicLink())
      throw refused(`${part} is a symbolic link`, 'Replace it by what it points to.');
    const isLast = i === parts.length;
    if (isLast ? !info.isFile() : !info.isDirectory())
      throw refused(
        `${part} is ${isLast ? 'no regular file' : 'no folder'}`,
        `Move it away: ${path} belongs there.`,
      );
    if (isLast && info.size > LARGEST)
      throw refused(`${part} is larger than 1 MiB`, 'No file of settings is that large.');
  }
  return readText(root, path);
}

function readText(root: string, path: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(join(root, path));
  } catch (error) {
    throw refused(
      `${path} could not be read (${errnoOf(error) ?? 'unknown error'})`,
      'Check its permissions.',
    );
  }
  const text = bytes.toString('utf8');
  if (Buffer.compare(Buffer.from(text), bytes) !== 0)
    throw refused(`${path} is not UTF-8`, 'Save it as UTF-8.');
  return text;
}

/** Asks of every change whether it can be written, before the first one is. @throws CommandError */
export function requireWritable(root: string, changes: readonly FileChange[]): void {
  for (const { path } of changes) {
    let folder = dirname(join(root, path));
    while (lstatSync(folder, { throwIfNoEntry: false }) === undefined) folder = dirname(folder);
    try {
      accessSync(folder, constants.W_OK | constants.X_OK);
    } catch {
      throw refused(
        `${path} cannot be written: its folder is read-only`,
        'Make the folder writable. Nothing was written.',
      );
    }
  }
}

/** Writes one after the other, each as a whole, and only over what the diff was made from. */
export async function writeChanges(root: string, changes: readonly FileChange[]): Promise<void> {
  for (const { path, before, after, isProgram } of changes) {
    const target = join(root, path);
    try {
      mkdirSync(dirname(target), { recursive: true });
    } catch (error) {
      if (isMissing(error)) throw error;
      throw refused(
        `the folder of ${path} could not be made (${errnoOf(error) ?? 'unknown error'})`,
        'Check the permissions of the folder above it.',
      );
    }
    await writeAtomically({
      path: target,
      bytes: Buffer.from(after),
      expected: before === null ? null : Buffer.from(before),
      ...(isProgram === true ? { mode: 0o777 } : {}),
    });
  }
}

function refused(message: string, hint: string): CommandError {
  return new CommandError('ERR_USAGE', COULD_NOT_RUN, message, hint);
}
