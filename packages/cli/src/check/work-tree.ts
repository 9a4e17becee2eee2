import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { createGit, pathFromBytes, pathToBytes } from '@tidelock/git';
import { Source } from '@tidelock/guard';
import { CommandError } from '../command-error.ts';
import type { Ports } from '../ports.ts';

/** Beyond this a file is named and not read. */
const LARGEST_READ = 64 * 1024 * 1024;

export interface Unread {
  readonly path: string;
  readonly reason: 'too-large' | 'unreadable';
}

export interface TreeFiles {
  readonly sources: readonly Source[];
  readonly unread: readonly Unread[];
}

/**
 * Every file below a folder: in a Git work tree what is tracked or could be (not what is ignored),
 * else all of it. Symbolic links are not followed, submodules not entered.
 */
export async function readWorkTree(
  ports: Ports,
  folder: string,
  inRepository: boolean,
): Promise<TreeFiles> {
  const names = inRepository ? await gitNames(ports, folder) : [...walk(folder, '')];
  const sources: Source[] = [];
  const unread: Unread[] = [];
  for (const path of names) {
    const read = readOne(folder, path);
    if (read instanceof Source) sources.push(read);
    else if (read !== null) unread.push(read);
  }
  return { sources, unread };
}

async function gitNames(ports: Ports, folder: string): Promise<readonly string[]> {
  const git = createGit(folder, ports.env);
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const { stdout } = await git.run(args);
  const names = new Set<string>();
  for (let from = 0, nul = stdout.indexOf(0); nul !== -1; nul = stdout.indexOf(0, from)) {
    names.add(pathFromBytes(stdout.subarray(from, nul)));
    from = nul + 1;
  }
  return [...names].sort();
}

function* walk(folder: string, prefix: string): Iterable<string> {
  const at = onDisk(folder, prefix);
  const entries = readdirSync(at, { withFileTypes: true, encoding: 'buffer' });
  const named = entries.map((entry) => ({ entry, name: pathFromBytes(entry.name) }));
  for (const { entry, name } of named.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = prefix + name;
    if (!entry.isDirectory()) yield path;
    else if (name !== '.git') yield* walk(folder, `${path}/`);
  }
}

/** The name of a file as the system knows it: bytes, whatever they are. */
function onDisk(folder: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${folder}/`), pathToBytes(path)]);
}

/** null for what is no file at all: deleted since, a socket. */
function readOne(folder: string, path: string): Source | Unread | null {
  const name = onDisk(folder, path);
  try {
    const info = lstatSync(name);
    if (info.isSymbolicLink())
      return new Source(path, Buffer.from(readlinkSync(name)), { mode: '120000' });
    if (info.isDirectory()) return new Source(path, new Uint8Array(), { mode: '160000' });
    if (!info.isFile()) return null;
    if (info.size > LARGEST_READ) return { path, reason: 'too-large' };
    return new Source(path, readFileSync(name));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : '';
    return code === 'ENOENT' ? null : { path, reason: 'unreadable' };
  }
}

/** @throws CommandError when there is no such folder */
export function requireFolder(folder: string, shown: string): void {
  try {
    if (lstatSync(join(folder, '.')).isDirectory()) return;
  } catch {
    // Said below.
  }
  throw new CommandError(
    'ERR_NO_FILE',
    2,
    `${shown} is no folder that can be read`,
    'Name a folder: tidelock check [DIR]',
  );
}
