import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { childUser } from '../files/child-user.ts';
import { environmentValues } from '../files/environment-values.ts';
import { readInput } from '../files/input.ts';
import { runShell, startShell } from '../files/run-child.ts';
import { KEY_SERVICE_FLAGS, ORDER_FLAG, TYPE_FLAGS } from '../flag-specs.ts';
import { openForReading } from '../opening.ts';

export const execEnvCommand: Command = {
  name: 'exec-env',
  usage: 'exec-env FILE COMMAND',
  summary: 'run a command with the values of a file as environment variables',
  flags: [
    { names: ['pristine'], kind: 'bool', help: 'pass no other variables' },
    { names: ['user'], kind: 'string', help: 'run as this user' },
    {
      names: ['same-process'],
      kind: 'bool',
      help: 'accepted; the exit code is passed on either way',
    },
    { names: ['background'], kind: 'bool', help: 'do not wait for the command' },
    ORDER_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    const [, command] = positionals;
    if (command === undefined || positionals.length !== 2) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'exec-env takes a file and a command',
        "tidelock exec-env FILE 'COMMAND'",
      );
    }
    const input = await readInput(ports, flags, positionals);
    const { opened } = await openForReading(ports, flags, input);
    const values = environmentValues(opened.document);
    const inherited = flags.isOn('pristine') ? {} : ports.env;
    const user = flags.text('user');
    const child = user === undefined ? undefined : await childUser(user, ports);
    const options = {
      env: { ...inherited, ...Object.fromEntries(values), ...child?.env },
      ...(child === undefined ? {} : { user: child.ids }),
    };
    if (flags.isOn('background')) {
      startShell(command, options);
      return 0;
    }
    const status = await runShell(command, options);
    if (status !== 0) ports.stderr(`exit status ${status}\n`);
    return status;
  },
};
