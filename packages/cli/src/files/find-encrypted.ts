import { lstat, open, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { CommandError } from '../command-error.ts';

const SKIPPED_FOLDERS = new Set(['.git', 'node_modules', '.terraform']);
const LARGEST = 128 * 1024 * 1024;
/** Every sops file names its MAC and its version; where they stand depends on the format. */
const MARKS = ['sops', 'lastmodified', 'mac'];
const TAIL = 64 * 1024;

/** The files to work on: those named, and below folders the encrypted ones, recognised by content. */
export function findEncrypted(paths: readonly string[], cwd: string): Promise<readonly string[]> {
  return findFiles(paths, cwd, looksEncrypted);
}

/** Whether a file below a folder is meant; the path is absolute. */
export type IsMeant = (path: string) => Promise<boolean>;

/**
 * Named files as they are, folders replaced by the files below them that are meant, in a stable
 * order. Symbolic links are not followed.
 * @throws CommandError exit 100 for what does not exist
 */
export async function findFiles(
  paths: readonly string[],
  cwd: string,
  isMeant: IsMeant,
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const info = await stat(resolve(cwd, path)).catch(() => null);
    if (info === null) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        `cannot operate on non-existent file ${path}`,
        'Check the name; it is looked up from the current folder.',
      );
    }
    if (info.isDirectory()) found.push(...(await below(path, cwd, isMeant)));
    else found.push(path);
  }
  return [...new Set(found)];
}

async function below(folder: string, cwd: string, isMeant: IsMeant): Promise<readonly string[]> {
  const entries = await readdir(resolve(cwd, folder), { withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!SKIPPED_FOLDERS.has(entry.name)) found.push(...(await below(path, cwd, isMeant)));
    } else if (entry.isFile() && (await isMeant(resolve(cwd, path)))) {
      found.push(path);
    }
  }
  return found;
}

/** The block stands at the end in what sops writes, at the beginning at the earliest. */
async function looksEncrypted(path: string): Promise<boolean> {
  const { size } = await lstat(path);
  if (size === 0 || size > LARGEST) return false;
  const handle = await open(path, 'r');
  try {
    const tail = Buffer.alloc(Math.min(size, TAIL));
    await handle.read(tail, 0, tail.length, size - tail.length);
    if (bearsMarks(tail)) return true;
    return size > TAIL && bearsMarks(await handle.readFile());
  } finally {
    await handle.close();
  }
}

const bearsMarks = (bytes: Buffer) => MARKS.every((mark) => bytes.includes(mark));
