import { TidelockError } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findConfig } from '../config-lookup.ts';
import { findEncrypted } from '../files/find-encrypted.ts';
import { IN_PLACE_FLAG, KEY_SERVICE_FLAGS, TYPE_FLAGS } from '../flag-specs.ts';
import { INTERRUPTED } from '../interrupt.ts';
import { isShare, reportShare, shares, updateElsewhere } from '../sharing-work.ts';
import { CALLS_AT_ONCE, callsAtOnce, type UpdateCounts, updateFiles } from '../updating-files.ts';

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
    const isSplit = flags.isOn('yes') && !flags.isOn('check') && !isShare(ports.env);
    const parts = isSplit ? shares(paths) : [paths];
    const [own = [], ...others] = parts;
    const concurrency = Math.ceil(callsAtOnce(flags) / parts.length);
    const context = { ports, flags, found, now: ports.now(), concurrency };
    const elsewhere = others.map((share) => updateElsewhere(share, context));
    const counts = await Promise.all([updateFiles(own, context), ...elsewhere]);
    const { failures, drifted, untouched } = sum(counts);
    if (isShare(ports.env)) {
      reportShare({ failures, drifted, untouched });
      return 0;
    }
    if (untouched > 0) {
      throw new CommandError(
        'ERR_INTERRUPTED',
        INTERRUPTED,
        `interrupted: ${untouched} of ${paths.length} files are as they were`,
        'The others are whole, old or new; run it again for the rest.',
      );
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

function sum(counts: readonly UpdateCounts[]): UpdateCounts {
  const of = (name: keyof UpdateCounts) => counts.reduce((total, count) => total + count[name], 0);
  return { failures: of('failures'), drifted: of('drifted'), untouched: of('untouched') };
}
