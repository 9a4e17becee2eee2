import {
  type Document,
  type EditedDocument,
  type EditValueOptions,
  parseDecryptionOrder,
} from '@tidelock/core';
import {
  CANONICAL_FLAG,
  IDEMPOTENT_FLAG,
  IGNORE_MAC_FLAG,
  IN_PLACE_FLAG,
  KEY_SERVICE_FLAGS,
  ORDER_FLAG,
  TYPE_FLAGS,
} from './flag-specs.ts';
import type { FlagSpec, Flags } from './flags.ts';
import { warnOn } from './opening.ts';
import type { Ports } from './ports.ts';
import { rewriteFile } from './rewriting.ts';

/** What every command takes that changes one value. */
export const VALUE_FLAGS: readonly FlagSpec[] = [
  IDEMPOTENT_FLAG,
  IGNORE_MAC_FLAG,
  ORDER_FLAG,
  IN_PLACE_FLAG,
  CANONICAL_FLAG,
  ...TYPE_FLAGS,
  ...KEY_SERVICE_FLAGS,
];

/** Changes one value of an encrypted file in place, as the flags ask. */
export async function rewriteValue(
  ports: Ports,
  flags: Flags,
  request: {
    readonly file: string;
    readonly change: (source: Document, options: EditValueOptions) => Promise<EditedDocument>;
  },
): Promise<void> {
  const now = ports.now();
  await rewriteFile(ports, flags, {
    path: [request.file],
    destination: 'in-place',
    change: async ({ source, services }) => {
      const edited = await request.change(source, {
        services,
        now,
        idempotent: flags.isOn('idempotent'),
        ignoreMac: flags.isOn('ignore-mac'),
        decryptionOrder: parseDecryptionOrder(flags.text('decryption-order') ?? ''),
        onWarning: warnOn(ports),
      });
      return edited.document;
    },
  });
}
