import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  GitError,
  type Introduced,
  listIntroduced,
  mergeBase,
  type ObjectReader,
  type Repository,
  resolveCommit,
} from '@tidelock/git';
import { Side } from '../side.ts';

/** The commits that a change is judged by. */
export interface Sides {
  /** The tip of the base, as it is now. */
  readonly tip: Side;
  /** Where the change left the base: what it changes is told from there. */
  readonly fork: Side;
  readonly head: Side;
  /** Whose policy judges. */
  readonly policy: Side;
}

export interface Revisions {
  readonly base: string;
  readonly head: string;
  /** Instead of the tip of the base. */
  readonly policyRef?: string;
}

/**
 * @throws GitError for a revision that names no commit, and ERR_GIT_SHALLOW where the history does
 * not reach from head to base
 */
export async function openSides(
  repository: Repository,
  { base, head, policyRef }: Revisions,
  reader: ObjectReader,
): Promise<Sides> {
  const { git } = repository;
  const [tipId, headId] = [await resolveCommit(git, base), await resolveCommit(git, head)];
  const forkId = await mergeBase(git, tipId, headId);
  if (forkId === null && repository.isShallow) throw tooShallow();
  const open = new Map<string, Promise<Side>>();
  const side = (revision: string) => {
    const known = open.get(revision) ?? Side.open(repository, revision, reader);
    open.set(revision, known);
    return known;
  };
  const tip = await side(tipId);
  return {
    tip,
    fork: forkId === null ? Side.empty(reader) : await side(forkId),
    head: await side(headId),
    policy: policyRef === undefined ? tip : await side(await resolveCommit(git, policyRef)),
  };
}

/**
 * What commits of the change brought to a path and the head no longer has there: parents first, each
 * blob once for each path, merges included. @throws GitError ERR_GIT_SHALLOW
 */
export async function listPassing(repository: Repository, sides: Sides): Promise<Introduced[]> {
  const { tip, fork, head } = sides;
  const range = { include: [head.commit], exclude: [tip.commit] };
  const passing: Introduced[] = [];
  const cut = await cutCommits(repository);
  for await (const one of listIntroduced(repository.git, range)) {
    if (cut.has(one.commit)) throw tooShallow();
    const { path, oid, mode } = one;
    const stays = [head, fork].some((side) => side.entries.get(path)?.oid === oid);
    if (!stays && mode.startsWith('100')) passing.push(one);
  }
  return passing;
}

/** Commits whose parents a shallow clone has cut off. */
async function cutCommits({ isShallow, commonDir }: Repository): Promise<ReadonlySet<string>> {
  if (!isShallow) return new Set();
  return new Set((await readFile(join(commonDir, 'shallow'), 'latin1')).split('\n'));
}

function tooShallow(): GitError {
  return new GitError(
    'ERR_GIT_SHALLOW',
    'this clone is shallow: the commits between base and head are not all here',
    {
      hint: 'Fetch the whole history: git fetch --unshallow; with actions/checkout: fetch-depth: 0',
    },
  );
}
