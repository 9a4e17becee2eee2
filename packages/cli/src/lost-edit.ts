import { randomBytes } from 'node:crypto';
import { basename, dirname, extname, join } from 'node:path';
import { writeAtomically } from './files/write-atomically.ts';
import { WriteError } from './files/write-error.ts';

export interface KeptEdit {
  /** Absolute path of the file that was edited. */
  readonly path: string;
  /** The edited file, encrypted. */
  readonly bytes: Uint8Array;
}

/**
 * Writes an edited file. When another process changed the target meanwhile nothing is written there,
 * and the edit is kept beside it, encrypted, so that no work is lost and no plaintext stays.
 * @throws WriteError saying where the edit is
 */
export async function keepingEdit(
  write: () => Promise<void>,
  { path, bytes }: KeptEdit,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof WriteError) || error.code !== 'ERR_CHANGED_MEANWHILE') throw error;
    const extension = extname(path);
    const name = `${basename(path, extension)}.edited-${randomBytes(3).toString('hex')}${extension}`;
    const kept = join(dirname(path), name);
    await writeAtomically({ path: kept, bytes, expected: null, mode: 0o600 });
    throw new WriteError(
      error.code,
      error.message,
      `Your edit is kept, encrypted, in ${kept}: compare both with tidelock decrypt, then remove it.`,
    );
  }
}
