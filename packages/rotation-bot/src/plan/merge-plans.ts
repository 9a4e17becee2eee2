import { TidelockError } from '@tidelock/core';
import { assemblePlan, makeGroup } from './make-plan.ts';
import type { KeyKnowledge, Plan, PlannedGroup } from './plan.ts';

/**
 * The plan of the whole tree out of those of its shards, in any order: the very plan that one process
 * makes. @throws TidelockError ERR_PLAN when one is missing, double, or of another tree
 */
export function mergePlans(plans: readonly Plan[]): Plan {
  const [first] = plans;
  const count = first?.shard?.count;
  if (first === undefined || count === undefined)
    throw mismatch('there is no plan of a shard to merge');
  const indexes = new Set<number>();
  for (const { shard, base } of plans) {
    if (shard === null || shard.count !== count)
      throw mismatch(`not all plans are of one of ${count} shards`);
    if (base !== first.base) throw mismatch('the plans were made from different commits');
    if (indexes.has(shard.index)) throw mismatch(`shard ${shard.index} is there twice`);
    indexes.add(shard.index);
  }
  const missing = Array.from({ length: count }, (_, i) => i).filter((i) => !indexes.has(i));
  if (missing.length > 0) throw mismatch(`shards are missing: ${missing.join(', ')}`);
  const sum = (key: keyof Plan['notDue']) =>
    plans.reduce((total, { notDue }) => total + notDue[key], 0);
  return assemblePlan({
    base: first.base,
    shard: null,
    groups: mergeGroups(plans.flatMap(({ groups }) => groups)),
    notDue: { upToDate: sum('upToDate'), uncovered: sum('uncovered'), plain: sum('plain') },
    problems: plans.flatMap(({ problems }) => problems),
    limits: first.limits,
    keyStates: leastKnown(plans),
  });
}

const LEAST_FIRST: readonly KeyKnowledge[] = ['not-asked', 'partly', 'known'];

const leastKnown = (plans: readonly Plan[]): KeyKnowledge =>
  LEAST_FIRST.find((known) => plans.some(({ keyStates }) => keyStates === known)) ?? 'not-asked';

function mergeGroups(groups: readonly PlannedGroup[]): readonly PlannedGroup[] {
  const byId = new Map<string, PlannedGroup[]>();
  for (const group of groups) {
    const same = byId.get(group.id);
    if (same === undefined) byId.set(group.id, [group]);
    else same.push(group);
  }
  return [...byId.values()].flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const files = same.flatMap((group) => group.files);
    return [
      makeGroup(
        first,
        files,
        same.flatMap(({ reviewers }) => reviewers),
      ),
    ];
  });
}

function mismatch(message: string): TidelockError {
  return new TidelockError('ERR_PLAN', message, {
    hint: 'Give the plans of all shards of one run: tidelock-rotate plan --shard i/n --json.',
  });
}
