import { shortHash } from '../plan/digest.ts';

/** Names of the bot's branches: the same for the same work in every run. */
export interface BranchNames {
  /** All branches of the bot for this base begin so. */
  readonly folder: string;
  /** All branches under construction for this base begin so. */
  readonly buildFolder: string;
  branchOf(suffix: string): string;
}

const LONGEST_SLUG = 60;

export const DEFAULT_PREFIX = 'tidelock/rotate';

/** @param prefix without a slash at its end */
export function branchNames(prefix: string, baseBranch: string): BranchNames {
  const slug = baseBranch.replace(/[^A-Za-z0-9._-]+/g, '-').slice(0, LONGEST_SLUG);
  // Two bases never share a folder.
  const base = slug === baseBranch ? slug : `${slug}-${shortHash(baseBranch)}`;
  const folder = `${prefix}/${base}/`;
  return {
    folder,
    buildFolder: buildNameOf(folder, prefix),
    branchOf: (suffix) => folder + suffix,
  };
}

/**
 * Where a branch is built before it moves: below another beginning, so that nothing under construction
 * looks like a branch of the bot.
 */
export function buildNameOf(branch: string, prefix: string): string {
  return `${prefix}-build${branch.slice(prefix.length)}`;
}

/** Whether Git takes it as the beginning of a branch's name. */
export function isBranchPrefix(prefix: string): boolean {
  return (
    /^[A-Za-z0-9_][A-Za-z0-9._/-]{0,100}$/.test(prefix) &&
    !/\.\.|\/\/|\/$|\.lock(\/|$)|\/\.|\.(\/|$)/.test(prefix)
  );
}
