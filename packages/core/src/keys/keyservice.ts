import type { MasterKey, MasterKeyType } from '../document/metadata.ts';

/** Wraps and unwraps data keys with master keys of some kinds. */
export interface KeyService {
  readonly types: readonly MasterKeyType[];
  /**
   * The text to store as `enc`.
   * @param dataKey 32 bytes, or a 33-byte Shamir share
   * @throws TidelockError ERR_KEY_WRAP, ERR_KEY_SPEC
   */
  wrap(key: MasterKey, dataKey: Uint8Array): Promise<string>;
  /**
   * The key with what its name leaves open, found by asking: the current version of an Azure key. The
   * very key where nothing is open.
   * @throws TidelockError ERR_KEY_WRAP, ERR_KEY_SPEC
   */
  complete?(key: MasterKey): Promise<MasterKey>;
  /**
   * The data key; null when this service holds nothing that could open it ("not mine").
   * @throws TidelockError ERR_KEY_UNWRAP or ERR_IDENTITY when it is ours and failed; the message
   * says why and is shown in the report of all attempts
   */
  unwrap(key: MasterKey): Promise<Uint8Array | null>;
}
