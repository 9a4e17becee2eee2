import type { LeftOut } from './request-state.ts';

export type GroupResultKind =
  | 'opened'
  | 'updated'
  /** All as it should be. */
  | 'unchanged'
  /** A person closed it, and nothing new has come since. */
  | 'closed-by-person'
  /** A person changed the branch. */
  | 'edited'
  /** It waits to be merged. */
  | 'queued'
  /** As many are open as may be. */
  | 'limit'
  /** Not one of its files could be rewritten. */
  | 'nothing';

/** What became of one group. */
export interface GroupResult {
  readonly kind: GroupResultKind;
  readonly id: string;
  readonly title: string;
  readonly branch: string;
  /** Of the request, where there is one. */
  readonly url: string | null;
  /** Without those left out. */
  readonly files: number;
  readonly leftOut: readonly LeftOut[];
}
