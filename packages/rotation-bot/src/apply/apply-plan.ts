import { TidelockError } from '@tidelock/core';
import type { ForgeRequest } from '../forge/forge.ts';
import { isForgeError } from '../forge/forge-error.ts';
import type { Plan, PlannedGroup } from '../plan/plan.ts';
import { applyGroup } from './apply-group.ts';
import type { Applying } from './applying.ts';
import type { GroupResult } from './group-result.ts';
import { prune, sweepBuilds } from './prune.ts';
import { readState } from './request-state.ts';

export interface Applied {
  readonly groups: readonly GroupResult[];
  /** Requests closed and branches deleted, because nothing of them is due any more. */
  readonly pruned: readonly string[];
}

/**
 * Brings branches and requests to what the plan says, group by group. What is as it should be is not
 * touched; two runs at once end as one. @throws TidelockError ERR_FORGE_…, ERR_PLAN
 */
export async function applyPlan(plan: Plan, applying: Applying): Promise<Applied> {
  const { base, forge, names, settings } = applying;
  if (plan.shard !== null || plan.base !== base.side.commit)
    throw new TidelockError('ERR_PLAN', 'the plan was made from another commit, or of a shard', {
      hint: 'Make the plan anew, from the base as it is now.',
    });
  const requests = (await forge.openRequests(applying.baseBranch)).filter((request) =>
    isOwn(request, applying),
  );
  const { pruned, kept } = await prune(plan, applying, requests);
  const limit = settings.maxOpen ?? plan.limits.maxOpen ?? Number.POSITIVE_INFINITY;
  let open = kept.length;
  const results: GroupResult[] = [];
  for (const group of mostUrgentFirst(plan.groups)) {
    const request =
      kept.find(({ branch }) => branch === names.branchOf(group.branchSuffix)) ?? null;
    const mayOpen = request !== null || open < limit;
    const result = await withSecondTry(applying, (isSecond) =>
      applyGroup(group, { ...applying, mayOpen, request: isSecond ? undefined : request }),
    );
    if (result.kind === 'opened') open++;
    results.push(result);
    applying.log(result);
  }
  await sweepBuilds(applying);
  return { groups: results, pruned };
}

/** By prefix, author and marker. */
function isOwn(request: ForgeRequest, { names, login }: Applying): boolean {
  return (
    request.branch.startsWith(names.folder) &&
    request.author === login &&
    readState(request.body) !== null
  );
}

/** Whoever lost the right to read comes before whoever gains it. */
function mostUrgentFirst(groups: readonly PlannedGroup[]): readonly PlannedGroup[] {
  const isUrgent = ({ files }: PlannedGroup) =>
    files.some(({ valuesToChange }) => valuesToChange.length > 0);
  return [...groups.filter(isUrgent), ...groups.filter((group) => !isUrgent(group))];
}

/** Another run was faster: then what it left is looked at once more. */
async function withSecondTry<T>(
  { wait, warn }: Applying,
  run: (isSecond: boolean) => Promise<T>,
): Promise<T> {
  try {
    return await run(false);
  } catch (error) {
    if (!isForgeError(error, 'ERR_FORGE_STALE')) throw error;
    warn(`another run is at work on the same group: looking again`);
    await wait();
    return run(true);
  }
}
