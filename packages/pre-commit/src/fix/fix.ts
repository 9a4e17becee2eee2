import { realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TidelockError } from '@tidelock/core';
import {
  type Git,
  listIndex,
  mergeHeads,
  type ObjectReader,
  openRepository,
  type Repository,
  updateIndex,
  WorkTreeFile,
  writeBlob,
} from '@tidelock/git';
import type { ChangedFile } from '../changed-file.ts';
import { nearestConfig } from '../coverage.ts';
import { Memory } from '../steering-files.ts';
import { encryptBlob } from './encrypt-blob.ts';
import { localKeyServices } from './local-keys.ts';
import { stagedInWorkTree } from './staged-in-work-tree.ts';

/** What became of one file, in words; `path` is null for what concerns all of them. */
export interface FixLine {
  readonly path: string | null;
  readonly text: string;
}

export interface Fixed {
  /** How many files are encrypted in the index now. */
  readonly count: number;
  readonly lines: readonly FixLine[];
}

export interface FixOptions {
  readonly reader: ObjectReader;
  readonly now: Date;
  readonly maxBytes: number;
}

interface Proved {
  readonly file: ChangedFile;
  readonly encrypted: Uint8Array;
  /** What the work tree holds, where that is just what was staged; else null. */
  readonly inWorkTree: Uint8Array | null;
}

/**
 * Encrypts staged files by their creation rules, in the index and, where it holds just what was
 * staged, in the work tree. Everything is encrypted and proved before anything is written; the index
 * comes first, and at once, so that a kill at any moment leaves plaintext in the work tree at worst.
 */
export async function fixStaged(
  git: Git,
  files: readonly ChangedFile[],
  options: FixOptions,
): Promise<Fixed> {
  const repository = await openRepository(git.cwd, git.env);
  const obstacle = await obstacleTo(repository, options.reader);
  if (obstacle !== null) {
    return { count: 0, lines: [{ path: null, text: `nothing was changed: ${obstacle}` }] };
  }
  const lines: FixLine[] = [];
  const proved: Proved[] = [];
  for (const file of files) {
    const one = await prepare(repository, file, options);
    if ('text' in one) lines.push(one);
    else proved.push(one);
  }
  await writeIndex(git, proved);
  for (const one of proved) lines.push(await writeWorkTree(repository, one));
  if (proved.length > 0) lines.push({ path: null, text: LEFT_BEHIND });
  return { count: proved.length, lines };
}

const LEFT_BEHIND =
  'what was staged before stays in the object store, in plaintext, until `git gc` removes it';

/** Where encrypting the index would not be what is committed, or would disturb what is under way. */
async function obstacleTo(repository: Repository, reader: ObjectReader): Promise<string | null> {
  const { git, indexFile } = repository;
  const named = git.env.GIT_INDEX_FILE;
  if (named !== undefined && named !== '') {
    const same = (await real(resolve(git.cwd, named))) === (await real(indexFile));
    if (!same) {
      return 'this commit takes files past the index (`git commit -a` or `git commit -- FILE`): stage them with `git add`, then commit without file names';
    }
  }
  const merging = Object.keys(git.env).some((name) => name.startsWith('GITHEAD_'));
  if (merging || (await isMerging(git, reader))) {
    return 'a merge is under way: encrypt the file with `tidelock encrypt -i` and stage it';
  }
  return null;
}

/** A branch or tag called MERGE_HEAD is no merge. */
async function isMerging(git: Git, reader: ObjectReader): Promise<boolean> {
  return (await reader.info('MERGE_HEAD')) !== null && (await mergeHeads(git)).length > 0;
}

async function real(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function prepare(
  repository: Repository,
  file: ChangedFile,
  { reader, now, maxBytes }: FixOptions,
): Promise<Proved | FixLine> {
  const { path } = file;
  const memory = new Memory(reader);
  const config = await nearestConfig((name) => memory.read(`:0:${name}`, name), path);
  const blob = await reader.readBlob(file.oid, { maxBytes });
  if (config === null || blob.kind !== 'blob') return { path, text: 'left as it is: unreadable' };
  try {
    const services = localKeyServices(repository.git);
    const result = await encryptBlob({ path, bytes: blob.bytes, config }, { services, now });
    if (result.kind === 'refused') return { path, text: `left as it is: ${result.reason}` };
    const inWorkTree = await stagedInWorkTree(repository, file, blob.bytes);
    return { file, encrypted: result.bytes, inWorkTree };
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return { path, text: `left as it is: ${error.message}` };
  }
}

/** Files that were staged anew in the meantime are not touched: the next run sees them. */
async function writeIndex(git: Git, proved: readonly Proved[]): Promise<void> {
  if (proved.length === 0) return;
  const updates = await Promise.all(
    proved.map(async ({ file, encrypted }) => ({
      path: file.path,
      mode: file.mode,
      oid: await writeBlob(git, encrypted),
    })),
  );
  const staged = new Map((await listIndex(git)).map((entry) => [entry.path, entry.oid]));
  const moved = proved.find(({ file }) => staged.get(file.path) !== file.oid);
  if (moved !== undefined)
    throw new Error('the index changed while it was encrypted; run it again');
  await updateIndex(git, updates);
}

async function writeWorkTree(
  { root }: Repository,
  { file, encrypted, inWorkTree }: Proved,
): Promise<FixLine> {
  const { path } = file;
  const stillPlain = 'the work tree still holds plaintext: it is not what was staged';
  if (inWorkTree === null) return { path, text: `encrypted in the index only; ${stillPlain}` };
  const replaced = await new WorkTreeFile(root, path)
    .replace(inWorkTree, encrypted)
    .catch(() => false);
  return {
    path,
    text: replaced ? 'encrypted and staged' : `encrypted in the index; ${stillPlain}`,
  };
}
