import { parseDecryptionOrder, parseSetValue, setValue } from '@tidelock/core';
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
import { givenValue, setPath } from '../values.ts';

export const setCommand: Command = {
  name: 'set',
  usage: 'set [flags] FILE INDEX VALUE',
  summary: 'set one value of an encrypted file',
  flags: [
    { names: ['value-file'], kind: 'bool', help: 'VALUE is the name of a file that holds it' },
    { names: ['value-stdin'], kind: 'bool', help: 'read the value from standard input' },
    IDEMPOTENT_FLAG,
    IGNORE_MAC_FLAG,
    ORDER_FLAG,
    IN_PLACE_FLAG,
    CANONICAL_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    const [file, index, argument] = positionals;
    if (file === undefined || index === undefined) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified, or no value',
        'tidelock set FILE \'["key"]\' \'"text"\'',
      );
    }
    const path = setPath(index);
    const value = parseSetValue(await givenValue(ports, flags, argument));
    const now = ports.now();
    await rewriteFile(ports, flags, {
      path: [file],
      destination: 'in-place',
      change: async ({ source, services }) => {
        const edited = await setValue(
          source,
          { path, value },
          {
            services,
            now,
            idempotent: flags.isOn('idempotent'),
            ignoreMac: flags.isOn('ignore-mac'),
            decryptionOrder: parseDecryptionOrder(flags.text('decryption-order') ?? ''),
            onWarning: warnOn(ports),
          },
        );
        return edited.document;
      },
    });
    return 0;
  },
};
