import {
  type CloudKeyState,
  type MasterKey,
  masterKeyId,
  type PgpKeyState,
  type VaultKey,
} from '@tidelock/core';

/** What only the keys' own places know. Anything not in it is unknown, and then nothing is due for it. */
export interface KeyStates {
  /** By `stateName`. */
  readonly cloudKeys: ReadonlyMap<string, CloudKeyState>;
  /** By fingerprint, upper case without `!`. */
  readonly pgpKeys: ReadonlyMap<string, PgpKeyState>;
  /** Keys that were asked about in vain, by `stateName`, and why in words that hold no secret. */
  readonly unanswered: ReadonlyMap<string, string>;
  /** Whether anybody was asked at all. */
  readonly isAsked: boolean;
}

export const NO_KEY_STATES: KeyStates = {
  cloudKeys: new Map(),
  pgpKeys: new Map(),
  unanswered: new Map(),
  isAsked: false,
};

/** Keys of two kinds never share it. */
export const stateName = (key: MasterKey) => `${key.type} ${masterKeyId(key)}`;

/** null: unknown. */
export const vaultVersionsOf = (
  key: VaultKey,
  { cloudKeys }: KeyStates,
): CloudKeyState['versions'] => cloudKeys.get(stateName(key))?.versions ?? null;
