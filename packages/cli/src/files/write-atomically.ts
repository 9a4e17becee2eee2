import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsync,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  rename,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { errnoOf, followLinks } from '../ports.ts';
import { WriteError, type WriteErrorCode } from './write-error.ts';

export interface WriteRequest {
  /** As the user named it; a symbolic link is followed. */
  readonly path: string;
  readonly bytes: Uint8Array;
  /**
   * What the file held when the operation began: any other content now means that somebody else
   * wrote it, and nothing is written. null: the file did not exist. undefined: whatever it holds.
   */
  readonly expected?: Uint8Array | null;
  /** Write into the file itself where it cannot be replaced: not atomic, asked for by name. */
  readonly truncate?: boolean;
  /** Collects the folder for one `syncFolder` at the end, where many files are written. */
  readonly laterSynced?: Set<string>;
  /** Mode of a file that is made anew, before the umask. */
  readonly mode?: number;
  /** Afterwards its owner alone can read it, whatever its mode was. */
  readonly isPrivate?: boolean;
}

/**
 * Replaces a file so that a kill at any moment leaves the old one or the new one: temporary file
 * beside it, fsync, rename. The mode is kept.
 * @throws WriteError
 */
export async function writeAtomically(request: WriteRequest): Promise<void> {
  const target = followLinks(request.path);
  const before = statOrNull(target);
  if (before?.isDirectory() === true) {
    throw new WriteError('ERR_IS_DIRECTORY', `${request.path} is a directory`, 'Name a file.');
  }
  if (request.truncate === true || before?.isFile() === false) {
    writeInto(target, request);
    return;
  }
  if (before !== null) refuseWhatRenameWouldBreak(request.path, before);

  const temporary = join(
    dirname(target),
    `.${basename(target)}.${randomBytes(6).toString('hex')}.tmp`,
  );
  const mode = modeFor(request, before);
  try {
    await writeWhole(temporary, request.bytes, mode);
    refuseForeignChange(target, request);
    await replace(temporary, target);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw asWriteError(error, request.path);
  }
  if (request.laterSynced === undefined) syncFolder(dirname(target));
  else request.laterSynced.add(dirname(target));
}

function modeFor({ mode = 0o666, isPrivate = false }: WriteRequest, before: Stats | null): number {
  if (isPrivate) return 0o600;
  return before === null ? mode & ~process.umask() : before.mode & 0o7777;
}

/** A new file that only its owner can read until it is whole, on disk when this returns. */
async function writeWhole(path: string, bytes: Uint8Array, mode: number): Promise<void> {
  const file = openSync(path, 'wx', 0o600);
  try {
    writeFileSync(file, bytes);
    fchmodSync(file, mode);
    // The one slow call: many files wait for the disk together.
    await flush(file);
  } finally {
    closeSync(file);
  }
}

/** A rename would silently cut a hard link or take a file from its owner. */
function refuseWhatRenameWouldBreak(path: string, file: { nlink: number; uid: number }): void {
  if (file.nlink > 1) {
    throw new WriteError(
      'ERR_HARD_LINK',
      `${path} has ${file.nlink} hard links; replacing it would leave the others with the old content`,
      'Use --in-place=truncate to write into the file itself, or remove the other links.',
    );
  }
  const uid = process.geteuid?.();
  if (uid !== undefined && file.uid !== uid) {
    throw new WriteError(
      'ERR_OTHER_OWNER',
      `${path} belongs to another user; replacing it would change its owner`,
      'Use --in-place=truncate to write into the file itself, or run as its owner.',
    );
  }
}

function refuseForeignChange(target: string, request: WriteRequest): void {
  if (request.expected === undefined) return;
  const now = readOrNull(target);
  const same =
    now === null || request.expected === null
      ? now === request.expected
      : Buffer.compare(now, request.expected) === 0;
  if (same) return;
  throw new WriteError(
    'ERR_CHANGED_MEANWHILE',
    `${request.path} was changed by another process since it was read; nothing was written`,
    'Run the command again on the new content.',
  );
}

function writeInto(target: string, request: WriteRequest): void {
  try {
    const before = statOrNull(target);
    if (before === null || before.isFile()) refuseForeignChange(target, request);
    writeFileSync(target, request.bytes, { mode: request.mode ?? 0o666 });
  } catch (error) {
    throw asWriteError(error, request.path);
  }
}

const flush = promisify(fsync);
const replace = promisify(rename);

/** Makes renames in a folder last. */
export function syncFolder(path: string): void {
  try {
    const folder = openSync(path, 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch {
    // Some file systems cannot sync a folder; the rename has happened all the same.
  }
}

function statOrNull(path: string): Stats | null {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found !== undefined) return found;
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
    throw new WriteError(
      'ERR_DANGLING_LINK',
      `${path} is a symbolic link to nothing`,
      'Make its target, or remove the link.',
    );
  }
  return null;
}

function readOrNull(path: string): Uint8Array | null {
  try {
    return readFileSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function asWriteError(error: unknown, path: string): Error {
  if (error instanceof WriteError) return error;
  const errno = errnoOf(error);
  const known = errno === undefined ? undefined : REASONS.get(errno);
  if (known === undefined) {
    return new WriteError(
      'ERR_WRITE',
      `${path} could not be written (${errno ?? 'unknown error'})`,
      'The file is as it was.',
    );
  }
  return new WriteError(known.code, `${path} could not be written: ${known.reason}`, known.hint);
}

interface Reason {
  readonly code: WriteErrorCode;
  readonly reason: string;
  readonly hint: string;
}

const TRUNCATE_HINT =
  'The file is as it was. Make the folder writable, or use --in-place=truncate to write into the file itself.';
const FREE_SPACE_HINT = 'The file is as it was. Free some space and run the command again.';

const REASONS: ReadonlyMap<string, Reason> = new Map<string, Reason>([
  ['ENOSPC', { code: 'ERR_DISK_FULL', reason: 'the disk is full', hint: FREE_SPACE_HINT }],
  ['EDQUOT', { code: 'ERR_DISK_FULL', reason: 'the quota is used up', hint: FREE_SPACE_HINT }],
  [
    'EFBIG',
    { code: 'ERR_DISK_FULL', reason: 'the file size limit is reached', hint: FREE_SPACE_HINT },
  ],
  [
    'EACCES',
    { code: 'ERR_READ_ONLY', reason: 'its folder cannot be written', hint: TRUNCATE_HINT },
  ],
  [
    'EPERM',
    { code: 'ERR_READ_ONLY', reason: 'the system does not permit it', hint: TRUNCATE_HINT },
  ],
  ['EROFS', { code: 'ERR_READ_ONLY', reason: 'the file system is read-only', hint: TRUNCATE_HINT }],
  [
    'EBUSY',
    { code: 'ERR_BIND_MOUNT', reason: 'it is a mount point of its own', hint: TRUNCATE_HINT },
  ],
  [
    'EXDEV',
    {
      code: 'ERR_BIND_MOUNT',
      reason: 'it is on another file system than its folder',
      hint: TRUNCATE_HINT,
    },
  ],
  [
    'ENOENT',
    { code: 'ERR_NO_FOLDER', reason: 'its folder does not exist', hint: 'Make the folder first.' },
  ],
]);
