import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { KEY_SERVICE_FLAGS, ORDER_FLAG, TYPE_FLAGS } from '../flag-specs.ts';
import { publishFiles } from '../publish/publish-files.ts';

export const publishCommand: Command = {
  name: 'publish',
  usage: 'publish [flags] FILE|FOLDER...',
  summary: 'send files to the bucket, Vault or secret that a destination rule names',
  flags: [
    { names: ['yes', 'y'], kind: 'bool', help: 'do not ask' },
    {
      names: ['dry-run'],
      kind: 'bool',
      help: 'show what would go where, and its size; send nothing',
    },
    { names: ['omit-extensions'], kind: 'bool', help: 'cut the last extension off the name' },
    { names: ['recursive'], kind: 'bool', help: 'all encrypted files below the folders' },
    ORDER_FLAG,
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
    await publishFiles(positionals, { ports, flags });
    return 0;
  },
};
