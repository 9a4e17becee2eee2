import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createGit, GitError, type GitPath, pathFromBytes } from '@tidelock/git';
import type { NotExaminedReason } from '@tidelock/guard';
import { readDiskFile } from './disk-file.ts';
import type { CheckPorts } from './ports.ts';

export interface FoundFile {
  /** Relative to the folder. */
  readonly path: GitPath;
  /** Read only when it is asked for. */
  read(largest?: number): {
    readonly bytes: Uint8Array | null;
    readonly reason: NotExaminedReason | null;
  };
}

/** What a folder's own repository keeps out of Git, by the bytes of the names; folders end in `/`. */
export type Ignored = ReadonlySet<string>;

/**
 * Every file below the folder in a stable order. Links are named and not followed, a submodule is
 * named and not entered, `.git` is left out. A folder that cannot be listed is one unreadable entry.
 */
export function* walkFolder(root: string, ignored: Ignored): Generator<FoundFile> {
  yield* walk({ root: Buffer.from(root), ignored }, Buffer.alloc(0));
}

interface Walk {
  readonly root: Buffer;
  readonly ignored: Ignored;
}

const SLASH = Buffer.from('/');

function* walk(where: Walk, folder: Buffer): Generator<FoundFile> {
  const absolute = folder.length === 0 ? where.root : Buffer.concat([where.root, SLASH, folder]);
  let entries: ReturnType<typeof list>;
  try {
    entries = list(absolute);
  } catch {
    yield unread(folder, 'unreadable');
    return;
  }
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const path = folder.length === 0 ? name : Buffer.concat([folder, SLASH, name]);
    const key = path.toString('latin1');
    if (entry.isDirectory()) {
      if (entry.name.toString() === '.git' || where.ignored.has(`${key}/`)) continue;
      if (isSubmodule(Buffer.concat([absolute, SLASH, name]))) yield unread(path, 'submodule');
      else yield* walk(where, path);
    } else if (where.ignored.has(key)) {
    } else if (entry.isSymbolicLink()) yield unread(path, 'symlink');
    else if (entry.name.toString() !== '.git') {
      const at = Buffer.concat([absolute, SLASH, name]);
      yield { path: pathFromBytes(path), read: (largest) => readDiskFile(at, largest) };
    }
  }
}

function list(folder: Buffer) {
  const entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
  return entries.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
}

function unread(path: Buffer, reason: NotExaminedReason): FoundFile {
  return {
    path: path.length === 0 ? '.' : pathFromBytes(path),
    read: () => ({ bytes: null, reason }),
  };
}

/** A checked-out submodule has a file `.git` where a repository has a folder. */
function isSubmodule(folder: Buffer): boolean {
  const mark = Buffer.concat([folder, Buffer.from('/.git')]);
  return existsSync(mark) && !existsSync(Buffer.concat([mark, SLASH, Buffer.from('HEAD')]));
}

/** What Git would not add below the folder; nothing where there is no repository or no Git. */
export async function ignoredBelow(
  root: string,
  repository: string | null,
  { env }: Pick<CheckPorts, 'env'>,
): Promise<Ignored> {
  if (repository === null || !existsSync(join(repository, '.git'))) return new Set();
  try {
    const args = ['--others', '--ignored', '--exclude-standard', '--directory', '-z', '--', '.'];
    const { stdout } = await createGit(root, env).run(['ls-files', ...args]);
    const names = stdout.toString('latin1').split('\0');
    // The folder itself is ignored: whoever names it wants to know what is in it.
    return names.includes('./') ? new Set() : new Set(names.filter((name) => name !== ''));
  } catch (error) {
    if (error instanceof GitError) return new Set();
    throw error;
  }
}
