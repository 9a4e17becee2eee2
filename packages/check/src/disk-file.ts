import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { LARGEST_FILE, type NotExaminedReason } from '@tidelock/guard';

export type DiskContent =
  | { readonly bytes: Uint8Array; readonly reason: null }
  | { readonly bytes: null; readonly reason: NotExaminedReason };

/** Without waiting for the other end of a pipe, and without following a link put there meanwhile. */
const FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);

/** What stands in a file, unless it is no regular file, too large, or closed to us. */
export function readDiskFile(path: Buffer, largest = LARGEST_FILE): DiskContent {
  let handle: number;
  try {
    handle = openSync(path, FLAGS);
  } catch {
    return { bytes: null, reason: 'unreadable' };
  }
  try {
    const info = fstatSync(handle);
    if (!info.isFile()) return { bytes: null, reason: 'unreadable' };
    if (info.size > largest) return { bytes: null, reason: 'too-large' };
    return { bytes: readFileSync(handle), reason: null };
  } catch {
    return { bytes: null, reason: 'unreadable' };
  } finally {
    closeSync(handle);
  }
}
