import type { AgeHeader } from './age-format.ts';

export type AgeIdentityKind = 'x25519' | 'post-quantum' | 'ssh' | 'plugin' | 'passphrase';

/** Something that may open age files. */
export interface AgeIdentity {
  readonly kind: AgeIdentityKind;
  /** It may ask the user or start a program: those are tried last. */
  readonly asks: boolean;
  /** The X25519 point of its recipient, where it is one. */
  readonly point?: Uint8Array;
  /**
   * The file key; null when no stanza is for this identity.
   * @throws TidelockError ERR_KEY_UNWRAP, ERR_IDENTITY when a stanza is for it and cannot be opened
   */
  unwrapFileKey(header: AgeHeader): Promise<Uint8Array | null>;
}
