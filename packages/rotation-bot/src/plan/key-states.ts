import type { PgpKeyState } from '@tidelock/core';

/** What only the keys' own places know. Anything not in it is unknown, and then nothing is due for it. */
export interface KeyStates {
  /** Newest version of Vault transit keys, by id (`masterKeyId`). */
  readonly vaultVersions: ReadonlyMap<string, number>;
  /** By fingerprint, upper case without `!`. */
  readonly pgpKeys: ReadonlyMap<string, PgpKeyState>;
  /** Keys of a cloud that wrap nothing any more, by id, with the state in the cloud's own word. */
  readonly unusable: ReadonlyMap<string, string>;
}

export const NO_KEY_STATES: KeyStates = {
  vaultVersions: new Map(),
  pgpKeys: new Map(),
  unusable: new Map(),
};
