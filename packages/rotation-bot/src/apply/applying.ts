import type { BranchNames } from './branch-names.ts';
import type { GroupResult } from './group-result.ts';
import type { Judging } from './judge-branch.ts';

export interface ApplySettings {
  readonly labels: readonly string[];
  /** Requests open at a time; null: as the policy says. */
  readonly maxOpen: number | null;
  /** Files in one request. */
  readonly maxFiles: number;
  /** Files whose mode a signed commit cannot carry go by an unsigned one. */
  readonly allowUnsigned: boolean;
  readonly isUnchecked: boolean;
}

/** One run of `apply`, after its preflight. */
export interface Applying extends Judging {
  readonly baseBranch: string;
  readonly hasMergeQueue: boolean;
  readonly names: BranchNames;
  readonly settings: ApplySettings;
  /** A while, before a second try. */
  readonly wait: () => Promise<void>;
  readonly log: (result: GroupResult) => void;
  readonly warn: (message: string) => void;
}
