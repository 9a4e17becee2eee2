import { parseDecryptionOrder, unsetValue } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import {
  CANONICAL_FLAG,
  IDEMPOTENT_FLAG,
  IGNORE_MAC_FLAG,
  IN_PLACE_FLAG,
  KEY_SERVICE_FLAGS,
  ORDER_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';
import { warnOn } from '../opening.ts';
import { rewriteFile } from '../rewriting.ts';
import { setPath } from '../values.ts';

export const unsetCommand: Command = {
  name: 'unset',
  usage: 'unset [flags] FILE INDEX',
  summary: 'remove one value of an encrypted file',
  flags: [
    IDEMPOTENT_FLAG,
    IGNORE_MAC_FLAG,
    ORDER_FLAG,
    IN_PLACE_FLAG,
    CANONICAL_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    const [file, index] = positionals;
    if (file === undefined || index === undefined) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified, or no index',
        'tidelock unset FILE \'["key"]\'',
      );
    }
    const path = setPath(index);
    const now = ports.now();
    await rewriteFile(ports, flags, {
      path: [file],
      destination: 'in-place',
      change: async ({ source, services }) => {
        const edited = await unsetValue(source, path, {
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
    return 0;
  },
};
