import {
  type Document,
  type EncryptOptions,
  encryptAgainst,
  type NewDataKeyReason,
  parseDecryptionOrder,
} from '@tidelock/core';
import { encryptedDocument, inFileAsync } from './documents.ts';
import { readInput } from './files/input.ts';
import type { Flags } from './flags.ts';
import type { Ports } from './ports.ts';

export interface AgainstRequest {
  readonly ports: Ports;
  readonly flags: Flags;
  /** The encrypted file to stay close to. */
  readonly path: string;
  readonly options: EncryptOptions;
}

/** Encrypts so that the difference to an earlier encrypted file is as small as the change. */
export async function encryptBesideOther(
  plain: Document,
  request: AgainstRequest,
): Promise<Document> {
  const { ports, flags, path, options } = request;
  const other = await readInput(ports, flags, [path]);
  const earlier = encryptedDocument({ ...other, inputFormat: plain.format });
  const result = await inFileAsync(other.label, () =>
    encryptAgainst(plain, earlier, {
      ...options,
      decryptionOrder: parseDecryptionOrder(flags.text('decryption-order') ?? ''),
    }),
  );
  if (result.reasons.length > 0) {
    ports.stderr(
      `A new data key was made: ${result.reasons.map((reason) => REASONS[reason]).join(', ')}.\n`,
    );
  }
  return result.document;
}

const REASONS: Readonly<Record<NewDataKeyReason, string>> = {
  'recipient-removed': 'somebody who could read the earlier file is no recipient any more',
  'threshold-raised': 'more key groups are needed than before',
  'groups-changed': 'the number of key groups changed',
  'selection-changed': 'the selection of encrypted values changed',
  'hidden-recipient': 'a wrapped key of the earlier file may have a reader that it does not name',
};
