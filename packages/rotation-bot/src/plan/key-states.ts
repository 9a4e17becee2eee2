/** What only the keys' own places know. Anything not in it is unknown, and then nothing is due for it. */
export interface KeyStates {
  /** Newest version of Vault transit keys, by id (`masterKeyId`). */
  readonly vaultVersions: ReadonlyMap<string, number>;
  /** By fingerprint, upper case without `!`. */
  readonly pgpKeys: ReadonlyMap<string, PgpKeyState>;
  /** Keys of a cloud that wrap nothing any more, by id, with the state in the cloud's own word. */
  readonly unusable: ReadonlyMap<string, string>;
}

export interface PgpKeyState {
  readonly isRevoked: boolean;
  /** null: never. */
  readonly expires: Date | null;
  /** Key ids of the key and its subkeys, 16 hexadecimal digits, upper case. */
  readonly keyIds: readonly string[];
  /** The key id that is encrypted to today; null when there is none. */
  readonly encryptsTo: string | null;
}

export const NO_KEY_STATES: KeyStates = {
  vaultVersions: new Map(),
  pgpKeys: new Map(),
  unusable: new Map(),
};
