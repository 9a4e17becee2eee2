import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GitError } from './errors.ts';
import { isOid, parseRawDiff, type RawChange } from './parse.ts';
import type { GitPath } from './path.ts';
import { emptyTree } from './revisions.ts';
import type { Git } from './run.ts';

export const SYMLINK = '120000';
export const SUBMODULE = '160000';

/** One path whose staged state differs from what is already committed. */
export interface StagedEntry {
  readonly path: GitPath;
  /** A added, M modified, T another type (a symlink became a file). */
  readonly status: string;
  readonly mode: string;
  /** The staged blob, or the commit of a submodule. */
  readonly oid: string;
  /** The same path in HEAD and, in a merge, in the other parents; those that do not have it are left out. */
  readonly before: readonly { readonly mode: string; readonly oid: string }[];
}

export interface Staged {
  readonly entries: readonly StagedEntry[];
  /** Files that the commit takes away: of all parents, in a merge. */
  readonly removed: readonly StagedEntry[];
  /** There is no commit yet. */
  readonly isUnborn: boolean;
}

/** The ids of the commits being merged; none outside of a merge. */
type OtherParents = (againstHead: readonly RawChange[]) => Promise<readonly string[]>;

const NO_MERGE: OtherParents = async () => [];

/**
 * What a commit would add to the history: index against HEAD, or in a merge what differs from every
 * parent. Reads the index that the environment names (GIT_INDEX_FILE), never the work tree.
 * @param otherParents is asked once the index has been compared with HEAD
 */
export async function listStaged(git: Git, otherParents: OtherParents = NO_MERGE): Promise<Staged> {
  const head = indexAgainst(git, 'HEAD') ?? (await diffIndex(git, 'HEAD'));
  if (head === null) {
    const changes = await diffIndex(git, await emptyTree(git));
    return {
      entries: (changes ?? []).map((change) => toEntry([change])),
      removed: [],
      isUnborn: true,
    };
  }
  let entries = head.map((change) => toEntry([change]));
  for (const parent of await otherParents(head)) {
    const changes = new Map<GitPath, RawChange>();
    for (const change of (await diffIndex(git, parent)) ?? []) changes.set(change.path, change);
    entries = entries.flatMap((entry) => {
      const change = changes.get(entry.path);
      return change === undefined
        ? []
        : [{ ...entry, before: [...entry.before, ...existing(change)] }];
    });
  }
  const isRemoved = ({ status }: StagedEntry) => status === 'D';
  return {
    entries: entries.filter((entry) => !isRemoved(entry)),
    removed: entries.filter(isRemoved),
    isUnborn: false,
  };
}

/** The commits that a clean merge is about to join, before MERGE_HEAD exists: `git merge` names them so. */
export function mergedCommits(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.keys(env)
    .filter((name) => name.startsWith('GITHEAD_'))
    .map((name) => name.slice('GITHEAD_'.length))
    .filter(isOid);
}

/**
 * All the commits of a merge under way: `MERGE_HEAD` as a revision is the first of them alone, or a
 * branch or tag of that name. Empty where no merge is.
 */
export async function mergeHeads(git: Git): Promise<string[]> {
  const { stdout } = await git.run(['rev-parse', '--git-path', 'MERGE_HEAD']);
  const path = resolve(git.cwd, stdout.toString('utf8').trimEnd());
  return (await textOrNothing(path)).split('\n').filter(isOid);
}

async function textOrNothing(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}

const againstIndex = (base: string): readonly string[] => [
  'diff-index',
  '--cached',
  '--raw',
  '-z',
  '--no-renames',
  '--no-relative',
  // What is only meant to be added is no part of the commit.
  '--ita-invisible-in-index',
  '--diff-filter=ACDMT',
  base,
  '--',
];

/** At once; null where that does not succeed, for whatever reason. */
function indexAgainst(git: Git, base: string): RawChange[] | null {
  const output = git.outputNow(againstIndex(base));
  return output === null ? null : parseRawDiff(output);
}

/** null when HEAD names no commit yet. */
async function diffIndex(git: Git, base: string): Promise<RawChange[] | null> {
  try {
    const { stdout } = await git.run(againstIndex(base));
    return parseRawDiff(stdout);
  } catch (error) {
    if (base === 'HEAD' && isFailure(error) && (await isUnborn(git))) return null;
    throw error;
  }
}

/** A symbolic HEAD whose branch does not exist: anything else that fails is a failure. */
async function isUnborn(git: Git): Promise<boolean> {
  const { status, stdout } = await git.run(['symbolic-ref', '--quiet', 'HEAD'], {
    answers: [0, 1],
  });
  if (status !== 0) return false;
  const branch = stdout.toString('utf8').trimEnd();
  const exists = await git.run(['show-ref', '--verify', '--quiet', branch], {
    answers: [0, 1, 128],
  });
  return exists.status === 1;
}

function isFailure(error: unknown): boolean {
  return error instanceof GitError && error.code === 'ERR_GIT_FAILED';
}

function toEntry(changes: readonly [RawChange]): StagedEntry {
  const [change] = changes;
  return {
    path: change.path,
    status: change.status,
    mode: change.mode,
    oid: change.oid,
    before: existing(change),
  };
}

function existing(change: RawChange): readonly { mode: string; oid: string }[] {
  return change.before.filter((side) => side.mode !== '000000');
}
