import type { CloudKeyState, PgpKeyState } from '@tidelock/core';
import { type CreationPolicy, isOver } from '@tidelock/guard';
import { whoText } from './key-reasons.ts';
import { stateName } from './key-states.ts';
import type { PlanProblem } from './plan.ts';
import type { PlanContext } from './plan-context.ts';
import { pgpName } from './wanted-access.ts';

/** Days before its end at which a key is reported. */
const SOON = 30;
const DAY = 24 * 60 * 60 * 1000;

/**
 * Keys that a creation rule names though nothing is to be, or can be, wrapped for them, now or soon;
 * and those of which nobody could tell.
 */
export function keyStateProblems(
  creation: CreationPolicy,
  context: Pick<PlanContext, 'keyStates' | 'access' | 'now'>,
): readonly PlanProblem[] {
  const { keyStates, access, now } = context;
  return creation.configs.flatMap(({ path, config }) => {
    const groups = (config.creationRules ?? []).flatMap((rule) => creation.keyGroupsOf(rule) ?? []);
    const keys = groups.flatMap((group) => group.keys);
    return keys.flatMap((key) => {
      const unanswered = keyStates.unanswered.get(stateName(key));
      const cloud = keyStates.cloudKeys.get(stateName(key));
      const pgp = key.type === 'pgp' ? keyStates.pgpKeys.get(pgpName(key.fingerprint)) : undefined;
      const problems = [
        overText(access?.nameOf(key)?.until ?? null, now),
        unanswered === undefined ? null : `whose state is not known: ${unanswered}`,
        cloud === undefined ? null : cloudText(cloud, now),
        pgp === undefined ? null : pgpText(pgp, now),
      ];
      const problem = problems.find((text) => text !== null) ?? null;
      const reason = `it names ${whoText(key, context)}, ${problem}`;
      return problem === null ? [] : [{ path, reason }];
    });
  });
}

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
const isSoon = (date: Date, now: Date) => date.getTime() <= now.getTime() + SOON * DAY;

function overText(until: Date | null, now: Date): string | null {
  if (until === null || !isOver(until, now)) return null;
  return `which could read until ${dayOf(until)}: take it out there`;
}

function cloudText({ trouble, ends }: CloudKeyState, now: Date): string | null {
  const day = ends === null ? '' : dayOf(ends);
  switch (trouble?.kind) {
    case 'disabled':
      return `which is disabled (${trouble.word}): it wraps and opens nothing. Enable it, or name another key there`;
    case 'expired':
      return `which wraps nothing since ${day}: name another key there while it still opens the files`;
    case 'pending-deletion':
      return `which is to be deleted${day === '' ? '' : ` on ${day}`} (${trouble.word}): cancel that at once. Whatever no other key opens is lost then`;
    case 'gone':
      return `which is not there (${trouble.word}): see that it is written right, or name another key there`;
    case undefined:
      return ends === null || !isSoon(ends, now)
        ? null
        : `which wraps nothing any more from ${day} on: name another key there before`;
  }
}

function pgpText({ isRevoked, expires }: PgpKeyState, now: Date): string | null {
  if (isRevoked) return 'which was revoked by its owner: take it out there';
  if (expires === null || !isSoon(expires, now)) return null;
  return `which ${expires > now ? 'expires' : 'expired'} on ${dayOf(expires)}: ask for a later date, or name another key there`;
}
