import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseDecryptionOrder, rfc3339Seconds, rotate } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { checkDestination } from '../files/output.ts';
import {
  ADD_REMOVE_FLAGS,
  CANONICAL_FLAG,
  FILENAME_FLAG,
  IGNORE_MAC_FLAG,
  IN_PLACE_FLAG,
  KEY_FLAGS,
  KEY_SERVICE_FLAGS,
  ORDER_FLAG,
  OUTPUT_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';
import { keysFromFlags } from '../key-groups.ts';
import { warnOn } from '../opening.ts';
import { rewriteFile } from '../rewriting.ts';

const CANNOT_CHANGE_KEYS = 49;
const CONTEXT_FLAGS = KEY_FLAGS.filter(
  ({ names }) => names[0] === 'encryption-context' || names[0] === 'aws-profile',
);

export const rotateCommand: Command = {
  name: 'rotate',
  usage: 'rotate [flags] FILE',
  summary: 'make a new data key and encrypt every value with it',
  flags: [
    IN_PLACE_FLAG,
    OUTPUT_FLAG,
    ...ADD_REMOVE_FLAGS,
    ...CONTEXT_FLAGS,
    ORDER_FLAG,
    IGNORE_MAC_FLAG,
    FILENAME_FLAG,
    ...TYPE_FLAGS,
    CANONICAL_FLAG,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    const now = ports.now();
    const addKeys = keysFromFlags(flags, rfc3339Seconds(now), 'add-');
    const removeKeys = keysFromFlags(flags, rfc3339Seconds(now), 'rm-');
    checkDestination(flags, positionals[0] ?? null);
    const [path] = positionals;
    if (
      path !== undefined &&
      addKeys.length + removeKeys.length > 0 &&
      !existsSync(resolve(ports.cwd, path))
    ) {
      throw new CommandError(
        'ERR_NEW_FILE_KEYS',
        CANNOT_CHANGE_KEYS,
        `cannot add or remove keys of ${path}: it does not exist`,
        'Check the name.',
      );
    }
    await rewriteFile(ports, flags, {
      path: positionals,
      destination: 'as-flags-say',
      change: ({ source, services }) =>
        rotate(source, {
          services,
          now,
          addKeys,
          removeKeys,
          decryptionOrder: parseDecryptionOrder(flags.text('decryption-order') ?? ''),
          ignoreMac: flags.isOn('ignore-mac'),
          onWarning: warnOn(ports),
        }),
    });
    return 0;
  },
};
