import { makeGroup } from '../plan/make-plan.ts';
import type { PlannedGroup } from '../plan/plan.ts';
import type { ApplySettings } from './applying.ts';
import type { LeftOut } from './request-state.ts';

/** What of a group one request is for. */
export interface GroupPart {
  readonly group: PlannedGroup;
  /** Before any key was asked. */
  readonly leftOut: readonly LeftOut[];
  /** Files that come once these are merged. */
  readonly deferred: number;
}

export function groupPart(
  group: PlannedGroup,
  { maxFiles, allowUnsigned }: ApplySettings,
): GroupPart {
  const isCarried = ({ mode }: PlannedGroup['files'][number]) => allowUnsigned || mode === '100644';
  const files = group.files.filter(isCarried);
  const leftOut = group.files
    .filter((file) => !isCarried(file))
    .map(({ path }) => ({
      path,
      reason:
        'it is executable, which a signed commit cannot say: make it 100644, or run with --allow-unsigned',
    }));
  const kept = files.slice(0, maxFiles);
  if (kept.length === group.files.length) return { group, leftOut, deferred: 0 };
  return {
    group: makeGroup(group, kept, group.reviewers),
    leftOut,
    deferred: files.length - kept.length,
  };
}
