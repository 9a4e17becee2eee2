import { TidelockError } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findConfig } from '../config-lookup.ts';
import { findEncrypted } from '../files/find-encrypted.ts';
import { IN_PLACE_FLAG, KEY_SERVICE_FLAGS, TYPE_FLAGS } from '../flag-specs.ts';
import { isShare, reportShare, shares, updateElsewhere } from '../sharing-work.ts';
import { CALLS_AT_ONCE, updateFiles } from '../updating-files.ts';

export const updatekeysCommand: Command = {
  name: 'updatekeys',
  usage: 'updatekeys [flags] FILE|FOLDER...',
  summary: 'wrap the data keys of files for the keys their creation rules name now',
  flags: [
    { names: ['yes', 'y'], kind: 'bool', help: 'do not ask' },
    {
      names: ['check'],
      kind: 'bool',
      help: 'change nothing; exit 1 when a file is not up to date',
    },
    {
      names: ['concurrency'],
      kind: 'string',
      help: `calls of key services at once (${CALLS_AT_ONCE})`,
    },
    IN_PLACE_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    if (positionals.length === 0) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified',
        'Name files or folders behind the command.',
      );
    }
    const found = await findConfig(ports, flags);
    if (found === null) {
      throw new TidelockError(
        'ERR_CONFIG_NOT_FOUND',
        'config file not found, or has no creation rules',
        {
          hint: 'updatekeys takes the keys from .sops.yaml: write one, or run the command below it.',
        },
      );
    }
    const paths = await findEncrypted(positionals, ports.cwd);
    const context = { ports, flags, found, now: ports.now() };
    const isSplit = flags.isOn('yes') && !flags.isOn('check') && !isShare(ports.env);
    const [own, ...others] = isSplit ? shares(paths) : [paths];
    const elsewhere = others.map((share) => updateElsewhere(share, context));
    const counts = await Promise.all([updateFiles(own ?? [], context), ...elsewhere]);
    const failures = counts.reduce((sum, count) => sum + count.failures, 0);
    const drifted = counts.reduce((sum, count) => sum + count.drifted, 0);
    if (isShare(ports.env)) {
      reportShare({ failures, drifted });
      return 0;
    }
    if (failures > 0) {
      throw new CommandError(
        'ERR_SOME_FAILED',
        1,
        `failed updating ${failures} key(s)`,
        'The messages above name the files; the others are done.',
      );
    }
    return flags.isOn('check') && drifted > 0 ? 1 : 0;
  },
};
