import { makeGroup } from '../plan/make-plan.ts';
import type { PlannedGroup } from '../plan/plan.ts';
import type { ApplySettings } from './applying.ts';
import { notCarried } from './not-carried.ts';
import type { LeftOut } from './request-state.ts';

/** What of a group one request is for. */
export interface GroupPart {
  readonly group: PlannedGroup;
  /** Before any key was asked. */
  readonly leftOut: readonly LeftOut[];
  /** Files that come once these are merged. */
  readonly deferred: number;
}

export function groupPart(group: PlannedGroup, settings: ApplySettings): GroupPart {
  const leftOut = group.files.flatMap((file) => {
    const reason = notCarried(file, settings);
    return reason === null ? [] : [{ path: file.path, reason }];
  });
  const files = group.files.filter((file) => notCarried(file, settings) === null);
  const kept = files.slice(0, settings.maxFiles);
  if (kept.length === group.files.length) return { group, leftOut, deferred: 0 };
  return {
    group: makeGroup(group, kept, group.reviewers),
    leftOut,
    deferred: files.length - kept.length,
  };
}
