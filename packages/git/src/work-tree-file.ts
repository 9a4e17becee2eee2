import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { lstat, open, readFile, realpath, rename, unlink } from 'node:fs/promises';
import { sep } from 'node:path';
import { type GitPath, parentPath, pathToBytes } from './path.ts';

/** A file of the work tree, by the bytes of its name. */
export class WorkTreeFile {
  readonly #root: string;
  readonly #path: GitPath;

  constructor(root: string, path: GitPath) {
    this.#root = root;
    this.#path = path;
  }

  /** The bytes of a plain file that is reached through no symbolic link; else null. */
  async read(): Promise<Uint8Array | null> {
    try {
      return (await this.#plainFile()) === null ? null : await readFile(this.#name(this.#path));
    } catch {
      return null;
    }
  }

  /**
   * Puts other bytes in its place, unless it no longer holds `expected`. A kill at any moment leaves
   * the old file or the new one.
   * @returns whether it was replaced
   */
  async replace(expected: Uint8Array, bytes: Uint8Array): Promise<boolean> {
    const stats = await this.#plainFile();
    if (stats === null) return false;
    const suffix = Buffer.from(`.tidelock-${randomBytes(6).toString('hex')}`);
    const temporary = Buffer.concat([this.#name(this.#path), suffix]);
    const flags = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY;
    const handle = await open(temporary, flags, 0o600);
    try {
      try {
        await handle.writeFile(bytes);
        await handle.chmod(stats.mode & 0o7777);
        await handle.sync();
      } finally {
        await handle.close();
      }
      const current = await this.read();
      if (current === null || Buffer.compare(current, expected) !== 0) {
        await unlink(temporary);
        return false;
      }
      await rename(temporary, this.#name(this.#path));
      return true;
    } catch (error) {
      await unlink(temporary).catch(() => undefined);
      throw error;
    }
  }

  /** null for anything a rename would harm: a link, a hard link, another owner's file. */
  async #plainFile(): Promise<Stats | null> {
    const folder = parentPath(this.#path);
    const expected = this.#name(folder, await realpath(this.#root));
    const real = await realpath(this.#name(folder), { encoding: 'buffer' });
    if (Buffer.compare(real, expected) !== 0) return null;
    const stats = await lstat(this.#name(this.#path));
    const isOurs = process.geteuid === undefined || stats.uid === process.geteuid();
    return stats.isFile() && stats.nlink === 1 && isOurs ? stats : null;
  }

  #name(path: GitPath, root = this.#root): Buffer {
    if (path === '') return Buffer.from(root);
    return Buffer.concat([Buffer.from(root + sep), pathToBytes(path)]);
  }
}
