import { type MasterKey, masterKeyId } from '@tidelock/core';
import { type CreationPolicy, isOver } from '@tidelock/guard';
import { whoText } from './key-reasons.ts';
import type { PlanProblem } from './plan.ts';
import type { PlanContext } from './plan-context.ts';
import { pgpName } from './wanted-access.ts';

/** Days before its end at which a key is reported. */
const SOON = 30;
const DAY = 24 * 60 * 60 * 1000;

/** Keys that a creation rule names though nothing is to be, or can be, wrapped for them, now or soon. */
export function keyStateProblems(
  creation: CreationPolicy,
  context: Pick<PlanContext, 'keyStates' | 'access' | 'now'>,
): readonly PlanProblem[] {
  return creation.configs.flatMap(({ path, config }) => {
    const groups = (config.creationRules ?? []).flatMap((rule) => creation.keyGroupsOf(rule) ?? []);
    const keys = groups.flatMap((group) => group.keys);
    return keys.flatMap((key) => {
      const problem = problemOf(key, context);
      const text = `it still names ${whoText(key, context)}, which ${problem}: take it out there`;
      return problem === null ? [] : [{ path, reason: text }];
    });
  });
}

function problemOf(
  key: MasterKey,
  { keyStates, access, now }: Pick<PlanContext, 'keyStates' | 'access' | 'now'>,
): string | null {
  const until = access?.nameOf(key)?.until ?? null;
  if (isOver(until, now)) return `could read until ${until?.toISOString().slice(0, 10)}`;
  const state = keyStates.unusable.get(masterKeyId(key));
  if (state !== undefined) return `wraps nothing any more (${state})`;
  const pgp = key.type === 'pgp' ? keyStates.pgpKeys.get(pgpName(key.fingerprint)) : undefined;
  if (pgp === undefined) return null;
  if (pgp.isRevoked) return 'was revoked by its owner';
  const { expires } = pgp;
  if (expires === null || expires.getTime() > now.getTime() + SOON * DAY) return null;
  const day = expires.toISOString().slice(0, 10);
  return expires > now ? `expires on ${day}` : `expired on ${day}`;
}
