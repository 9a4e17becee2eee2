import { unsetValue } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { rewriteValue, VALUE_FLAGS } from '../rewriting-value.ts';
import { setPath } from '../values.ts';

export const unsetCommand: Command = {
  name: 'unset',
  usage: 'unset [flags] FILE INDEX',
  summary: 'remove one value of an encrypted file',
  flags: VALUE_FLAGS,
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
    await rewriteValue(ports, flags, {
      file,
      change: (source, options) => unsetValue(source, path, options),
    });
    return 0;
  },
};
