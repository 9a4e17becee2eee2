import { parseSetValue, setValue } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { rewriteValue, VALUE_FLAGS } from '../rewriting-value.ts';
import { givenValue, setPath } from '../values.ts';

export const setCommand: Command = {
  name: 'set',
  usage: 'set [flags] FILE INDEX VALUE',
  summary: 'set one value of an encrypted file',
  flags: [
    { names: ['value-file'], kind: 'bool', help: 'VALUE is the name of a file that holds it' },
    { names: ['value-stdin'], kind: 'bool', help: 'read the value from standard input' },
    ...VALUE_FLAGS,
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
    await rewriteValue(ports, flags, {
      file,
      change: (source, options) => setValue(source, { path, value }, options),
    });
    return 0;
  },
};
