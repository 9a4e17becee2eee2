import { encryptBesideOther } from '../against.ts';
import type { Command } from '../command.ts';
import { findConfig } from '../config-lookup.ts';
import { encryptInput } from '../encrypting.ts';
import { readInput } from '../files/input.ts';
import { checkDestination, writeResult } from '../files/output.ts';
import {
  CANONICAL_FLAG,
  FILENAME_FLAG,
  IN_PLACE_FLAG,
  KEY_FLAGS,
  KEY_SERVICE_FLAGS,
  OUTPUT_FLAG,
  SELECTION_FLAGS,
  THRESHOLD_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';

export const encryptCommand: Command = {
  name: 'encrypt',
  usage: 'encrypt [flags] [FILE]',
  summary: 'encrypt a file, with the keys of its creation rule or of the flags',
  flags: [
    IN_PLACE_FLAG,
    OUTPUT_FLAG,
    {
      names: ['against'],
      kind: 'string',
      help: 'keep data key and tokens of this encrypted file where values are equal',
    },
    ...KEY_FLAGS,
    ...SELECTION_FLAGS,
    THRESHOLD_FLAG,
    FILENAME_FLAG,
    ...TYPE_FLAGS,
    CANONICAL_FLAG,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    checkDestination(flags, positionals[0] ?? null);
    const input = await readInput(ports, flags, positionals, { stdin: 'needs-name' });
    const found = await findConfig(ports, flags);
    const against = flags.text('against');
    const bytes = await encryptInput({
      ports,
      flags,
      input,
      found,
      ...(against === undefined
        ? {}
        : {
            seal: (plain, options) =>
              encryptBesideOther(plain, { ports, flags, path: against, options }),
          }),
    });
    await writeResult(ports, flags, input, bytes);
    return 0;
  },
};
