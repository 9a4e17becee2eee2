import type { Destination } from '@tidelock/core';

/** One object, ready to be sent. */
export interface Publication<D extends Destination = Destination> {
  readonly destination: D;
  /** Behind prefix or path of the destination. */
  readonly objectName: string;
  readonly bytes: Uint8Array;
  /**
   * Of plain values: the same for the same values under the same data key, and says nothing of them
   * to whoever lacks that key. '' for encrypted files.
   */
  readonly contentId: string;
}

/** Sends one object; may be called again after a KmsFailure that says so. @throws KmsFailure */
export type Publisher<D extends Destination = Destination> = (
  publication: Publication<D>,
  signal: AbortSignal,
) => Promise<'written' | 'unchanged'>;
