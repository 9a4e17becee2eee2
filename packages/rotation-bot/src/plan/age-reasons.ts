import type { GoverningRule } from '@tidelock/guard';
import type { DataKeyHistory } from './data-key-history.ts';
import type { Reason } from './plan.ts';
import type { PlanContext } from './plan-context.ts';

const DAY = 24 * 60 * 60 * 1000;

/** Whether the data key of a file is older than the policy allows, or than the schedule has it. */
export function ageReasons(
  path: string,
  {
    governing,
    history,
    context,
  }: {
    readonly governing: GoverningRule | null;
    readonly history: DataKeyHistory;
    readonly context: PlanContext;
  },
): { readonly reasons: readonly Reason[]; readonly problems: readonly string[] } {
  const { access, now } = context;
  const limits = (access?.rulesFor(path) ?? []).flatMap((rule) => rule.maxDataKeyAge ?? []);
  const limit = limits.length === 0 ? null : Math.min(...limits);
  const schedule = governing === null ? null : (access?.policy.rotation?.schedule ?? null);
  const asked = limit ?? schedule;
  if (asked === null) return { reasons: [], problems: [] };
  if (history.since === null) {
    const problem = `the age of its data key is unknown, and the policy allows ${asked} days: fetch the whole history (git fetch --unshallow)`;
    return { reasons: [], problems: [problem] };
  }
  const days = Math.floor((now.getTime() - history.since.getTime()) / DAY);
  const reasons: Reason[] = [];
  if (limit !== null && days > limit)
    reasons.push({
      kind: 'data-key-age',
      text: `the data key is older than the ${limit} days that the policy allows`,
    });
  if (schedule !== null && days >= schedule)
    reasons.push({ kind: 'schedule', text: `a new data key is due every ${schedule} days` });
  return { reasons, problems: [] };
}
