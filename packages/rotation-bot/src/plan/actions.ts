import type { Action, Reason, ReasonKind } from './plan.ts';

interface Consequence {
  /** Other master keys than before. */
  readonly updatesKeys: boolean;
  /** A new data key: whoever could open the old one keeps nothing that helps. */
  readonly rotates: boolean;
  /** Somebody could read the values who should not: they are spent. */
  readonly exposes: boolean;
  /** It can be due by what only the key's own place knows. */
  readonly isTold?: true;
}

const LEAVES: Consequence = { updatesKeys: true, rotates: true, exposes: true };
const REGROUPS: Consequence = { updatesKeys: true, rotates: true, exposes: false };
const AGES: Consequence = { updatesKeys: false, rotates: true, exposes: false };
const NOTHING_NEW: Consequence = { updatesKeys: false, rotates: false, exposes: false };

const CONSEQUENCES: Readonly<Record<ReasonKind, Consequence>> = {
  'recipient-added': { updatesKeys: true, rotates: false, exposes: false },
  'recipient-removed': LEAVES,
  'recipient-expired': LEAVES,
  'recipient-forbidden': LEAVES,
  'recipient-revoked': { ...LEAVES, isTold: true },
  'hidden-recipient': LEAVES,
  'data-key-kept': { updatesKeys: false, rotates: true, exposes: true },
  'key-groups': REGROUPS,
  threshold: REGROUPS,
  selection: NOTHING_NEW,
  'data-key-age': AGES,
  schedule: AGES,
  'vault-version': { ...NOTHING_NEW, isTold: true },
  'pgp-subkey': { ...NOTHING_NEW, isTold: true },
};

/** Whether somebody could read the values for that reason who should not. */
export const exposes = ({ kind }: Reason) => CONSEQUENCES[kind].exposes;

/** Whether only the key's own place knows of that reason. */
export const isOfKeyStates = ({ kind }: Reason) => CONSEQUENCES[kind].isTold === true;

/** What is to be done, in order. Encrypting again brings a new data key with it. */
export function actionsFor(reasons: readonly Reason[]): readonly Action[] {
  const updates = reasons.some(({ kind }) => CONSEQUENCES[kind].updatesKeys);
  const rotates = reasons.some(({ kind }) => CONSEQUENCES[kind].rotates);
  const reencrypts = reasons.some(({ kind }) => kind === 'selection');
  const actions: Action[] = updates ? ['updatekeys'] : [];
  if (reencrypts) return [...actions, 'reencrypt'];
  if (rotates) return [...actions, 'rotate'];
  return updates ? actions : ['rewrap'];
}
