import type { Introduced, ObjectReader, Repository } from '@tidelock/git';
import { POLICY_NAME, type Source } from '@tidelock/guard';
import { isPolicyPath } from '../policy-files.ts';
import type { TreeFiles } from '../read-folder.ts';
import { changedPaths, removedPaths } from '../side.ts';
import { type Judging, judgingPolicy, readSide, type SidePolicy } from './base-policy.ts';
import type { ChangeOptions } from './check-change.ts';
import { listPassing, openSides, type Sides } from './sides.ts';

/** A change, read: what judging it needs of both sides and of the commits between. */
export interface Change {
  readonly repository: Repository;
  readonly reader: ObjectReader;
  readonly sides: Sides;
  /** Paths that the head no longer has. */
  readonly removed: readonly string[];
  /** What commits brought and the head no longer has. */
  readonly passing: readonly Introduced[];
  /** New and other files of the head. */
  readonly files: TreeFiles;
  /** The base's versions of every path that changes, where the change left it. */
  readonly earlier: readonly Source[];
  readonly fork: SidePolicy;
  readonly after: SidePolicy;
  readonly judging: Judging;
}

export async function openChange(
  options: ChangeOptions,
  repository: Repository,
  reader: ObjectReader,
): Promise<Change> {
  const { isWanted = () => true, ports } = options;
  const where = { now: ports.now(), policyPath: options.policyPath ?? POLICY_NAME };
  const sides = await openSides(repository, options, reader);
  const { fork, head } = sides;
  const isJudged = (path: string) =>
    isPolicyPath(path) || path === where.policyPath || isWanted(path);
  const paths = changedPaths(fork, head).filter(isJudged);
  const removed = removedPaths(fork, head).filter(isJudged);
  const passing = (await listPassing(repository, sides)).filter(({ path }) => isJudged(path));
  const base = await readSide(sides.policy, where);
  const after = await readSide(head, where);
  const judging = judgingPolicy(base.read, after.read, [...paths, ...removed]);
  const { largestFile } = judging.steering;
  const touched = new Set([...paths, ...removed, ...passing.map(({ path }) => path)]);
  return {
    repository,
    reader,
    sides,
    removed,
    passing,
    files: await head.read(paths, largestFile),
    earlier: (await fork.read([...touched], largestFile)).sources,
    fork: fork === sides.policy ? base : await readSide(fork, where),
    after,
    judging,
  };
}
