import {
  checkLabel,
  type MasterKey,
  type Metadata,
  readPgpRecipients,
  vaultKeyVersion,
} from '@tidelock/core';
import { canonicalKey, compareGroups, groupsNeeded, keyText } from '@tidelock/guard';
import type { DataKeyHistory } from './data-key-history.ts';
import { type KeyStates, vaultVersionsOf } from './key-states.ts';
import type { Reason, ReasonKind } from './plan.ts';
import type { PlanContext } from './plan-context.ts';
import { pgpName, type WantedAccess } from './wanted-access.ts';

export interface JudgedKeys {
  readonly metadata: Metadata;
  readonly wanted: WantedAccess;
  readonly history: DataKeyHistory;
  readonly context: PlanContext;
}

/** Why the wrapped keys of a file are not as they should be. */
export function keyReasons(judged: JudgedKeys): readonly Reason[] {
  return [
    ...recipientReasons(judged),
    ...keptReasons(judged),
    ...hiddenReasons(judged),
    ...outdatedReasons(judged),
  ];
}

function recipientReasons({ metadata, wanted, context }: JudgedKeys): readonly Reason[] {
  const { keyGroups, shamirThreshold } = metadata;
  const compared = compareGroups(keyGroups, wanted.groups);
  const named = (key: MasterKey) => whoText(key, context);
  const reasons: Reason[] = compared.missing.map((key) => ({
    kind: 'recipient-added',
    text: `${named(key)} joins`,
  }));
  for (const key of compared.extra) {
    const unwanted = wanted.unwanted.get(canonicalKey(key));
    reasons.push(
      unwanted === undefined
        ? { kind: 'recipient-removed', text: `${named(key)} leaves` }
        : { kind: unwanted.kind, text: `${named(key)} leaves: it ${unwanted.why}` },
    );
  }
  const [have, want] = [keyGroups.length, wanted.groups.length];
  if (have !== want)
    reasons.push({ kind: 'key-groups', text: `${counted(have)} become ${counted(want)}` });
  else if (!compared.sameGrouping)
    reasons.push({ kind: 'key-groups', text: 'the keys are grouped otherwise' });
  const needed = groupsNeeded(have, shamirThreshold);
  if (needed !== wanted.threshold)
    reasons.push({
      kind: 'threshold',
      text: `${needed} of ${have} key groups open it, and ${wanted.threshold} of ${want} are to`,
    });
  return reasons;
}

const counted = (groups: number) => (groups === 1 ? '1 key group' : `${groups} key groups`);

/** A key as people know it: by its name in the policy, with the key itself. */
export function whoText(key: MasterKey, { access }: Pick<PlanContext, 'access'>): string {
  const named = access?.nameOf(key) ?? null;
  return named === null ? keyText(key) : `${named.name.slice(0, 100)} (${keyText(key)})`;
}

function keptReasons({ history, wanted, context }: JudgedKeys): readonly Reason[] {
  const names = new Set(wanted.groups.flatMap(({ keys }) => keys.map(canonicalKey)));
  return history.formerKeys
    .filter((key) => !names.has(canonicalKey(key)))
    .map((key) => ({
      kind: 'data-key-kept',
      text: `${whoText(key, context)} left in an earlier commit, and the data key was kept`,
    }));
}

function hiddenReasons({ metadata, context }: JudgedKeys): readonly Reason[] {
  const { pgpKeys } = context.keyStates;
  const pgpKeyIds = (fingerprint: string) => pgpKeys.get(pgpName(fingerprint))?.keyIds ?? null;
  return keysIn(metadata).flatMap((key) => {
    const check = checkLabel(key, { pgpKeyIds });
    if (check.ok !== false) return [];
    const text = `the wrapped key of ${whoText(key, context)} ${check.reason}`;
    return [{ kind: 'hidden-recipient', text }];
  });
}

function outdatedReasons({ metadata, context }: JudgedKeys): readonly Reason[] {
  return keysIn(metadata)
    .flatMap((key) => outdated(key, context.keyStates) ?? [])
    .map(({ kind, why, key }) => ({ kind, text: `${whoText(key, context)} ${why}` }));
}

function outdated(
  key: MasterKey,
  states: KeyStates,
): { readonly kind: ReasonKind; readonly why: string; readonly key: MasterKey } | null {
  if (key.type === 'hc_vault') {
    const version = vaultKeyVersion(key.enc);
    const versions = vaultVersionsOf(key, states);
    if (version === null || versions === null || version >= versions.newest) return null;
    const { newest, oldestOpened } = versions;
    const isOver = version < oldestOpened;
    const lost = isOver ? `, which Vault opens no more (oldest it opens: ${oldestOpened})` : '';
    const why = `is wrapped by version ${version}${lost}; the newest is ${newest}`;
    return { kind: 'vault-version', why, key };
  }
  if (key.type !== 'pgp') return null;
  const encryptsTo = states.pgpKeys.get(pgpName(key.fingerprint))?.encryptsTo ?? null;
  const readers = encryptsTo === null ? null : readPgpRecipients(key.enc);
  if (encryptsTo === null || readers === null || readers.keyIds.includes(encryptsTo)) return null;
  return { kind: 'pgp-subkey', why: `has a newer subkey (${encryptsTo})`, key };
}

const keysIn = ({ keyGroups }: Metadata) => keyGroups.flatMap(({ keys }) => keys);
