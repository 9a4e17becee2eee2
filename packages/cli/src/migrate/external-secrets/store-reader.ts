import type { Need, Remote } from './remote-secret.ts';

export type Search = Extract<Need, { kind: 'find' }>;

/** Reads from one kind of store. A call may be made again after a KmsFailure that says so. */
export interface StoreReader {
  /**
   * The value, of Vault as a JSON object.
   * @throws KmsFailure, LeftToHand
   */
  read(remote: Remote, signal: AbortSignal): Promise<Uint8Array>;
  /** Keys that match. @throws KmsFailure, LeftToHand */
  list(search: Search, signal: AbortSignal): Promise<readonly string[]>;
}

/** Names that a search may give. */
export const MOST_FOUND = 1000;
