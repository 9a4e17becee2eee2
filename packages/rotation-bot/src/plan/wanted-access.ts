import { type KeyGroup, type MasterKey, type Metadata, masterKeyId } from '@tidelock/core';
import type { GoverningRule } from '@tidelock/guard';
import { canonicalKey, groupsNeeded, isOver, keyText, membersOf } from '@tidelock/guard';
import type { ReasonKind } from './plan.ts';
import type { PlanContext } from './plan-context.ts';

/** Who is to open a file. */
export interface WantedAccess {
  readonly groups: readonly KeyGroup[];
  /** Key groups that have to agree. */
  readonly threshold: number;
  /** Keys that `.sops.yaml` may still name and that are to open nothing, by canonical name. */
  readonly unwanted: ReadonlyMap<string, Unwanted>;
}

export interface Unwanted {
  readonly kind: Extract<
    ReasonKind,
    'recipient-expired' | 'recipient-forbidden' | 'recipient-revoked'
  >;
  /** Completes the sentence "this recipient …". */
  readonly why: string;
}

/**
 * The key groups of the creation rule, or the file's own where no rule names any, without those whose
 * time is over, who are revoked, or whom the policy forbids. A text says why there can be none.
 */
export function wantedAccess(
  path: string,
  metadata: Metadata,
  {
    governing,
    context,
  }: { readonly governing: GoverningRule | null; readonly context: PlanContext },
): WantedAccess | string {
  if (governing !== null && governing.keyGroups === null)
    return `a creation rule of ${governing.config.path} names a key that cannot be read: mend it first`;
  const named = governing?.keyGroups ?? [];
  const isNamed = named.some(({ keys }) => keys.length > 0);
  const all = isNamed ? named : metadata.keyGroups;
  const unwanted = unwantedKeys(path, [...all, ...metadata.keyGroups], context);
  const groups = all.map(({ keys }) => ({
    keys: keys.filter((key) => !unwanted.has(canonicalKey(key))),
  }));
  const empty = groups.findIndex(({ keys }) => keys.length === 0);
  if (empty !== -1) return nobodyLeft(all[empty], { number: empty + 1, unwanted, isNamed });
  const asked = isNamed ? (governing?.rule.shamirThreshold ?? 0) : metadata.shamirThreshold;
  const threshold = groupsNeeded(groups.length, asked);
  if (threshold > groups.length)
    return `the creation rule asks for ${threshold} of ${groups.length} key groups: mend shamir_threshold first`;
  return { groups, threshold, unwanted };
}

function unwantedKeys(
  path: string,
  groups: readonly KeyGroup[],
  { access, keyStates, now }: PlanContext,
): ReadonlyMap<string, Unwanted> {
  const forbidden = new Map<string, string>();
  for (const rule of access?.rulesFor(path) ?? []) {
    const members = access === null ? [] : membersOf(access.policy, rule.recipients?.none ?? []);
    for (const { key } of members) forbidden.set(canonicalKey(key), rule.name.slice(0, 100));
  }
  const unwanted = new Map<string, Unwanted>();
  for (const key of groups.flatMap(({ keys }) => keys)) {
    const name = canonicalKey(key);
    const until = access?.nameOf(key)?.until ?? null;
    const rule = forbidden.get(name);
    if (isOver(until, now)) {
      const day = until?.toISOString().slice(0, 10);
      unwanted.set(name, { kind: 'recipient-expired', why: `could read until ${day}` });
    } else if (rule !== undefined)
      unwanted.set(name, {
        kind: 'recipient-forbidden',
        why: `is forbidden by the policy rule ${rule}`,
      });
    else if (isRevoked(key, keyStates))
      unwanted.set(name, { kind: 'recipient-revoked', why: 'was revoked by its owner' });
  }
  return unwanted;
}

function isRevoked(key: MasterKey, { pgpKeys }: PlanContext['keyStates']): boolean {
  return key.type === 'pgp' && pgpKeys.get(pgpName(masterKeyId(key)))?.isRevoked === true;
}

export const pgpName = (fingerprint: string) => fingerprint.replace(/\s+|!$/g, '').toUpperCase();

function nobodyLeft(
  group: KeyGroup | undefined,
  {
    number,
    unwanted,
    isNamed,
  }: {
    readonly number: number;
    readonly unwanted: ReadonlyMap<string, Unwanted>;
    readonly isNamed: boolean;
  },
): string {
  const whys = (group?.keys ?? []).map(
    (key) => `${keyText(key)} ${unwanted.get(canonicalKey(key))?.why ?? ''}`,
  );
  const where = isNamed ? 'its creation rule' : 'it';
  return `nobody would be left in key group ${number} of ${where} (${whys.join('; ')}): name another recipient in .sops.yaml first`;
}
