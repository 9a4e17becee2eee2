import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants, open, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { emitOpened } from '../emitting.ts';
import { childUser } from '../files/child-user.ts';
import { readInput } from '../files/input.ts';
import { withPrivateFolder } from '../files/private-folder.ts';
import { runShell } from '../files/run-child.ts';
import { KEY_SERVICE_FLAGS, ORDER_FLAG, TYPE_FLAGS } from '../flag-specs.ts';
import { openForReading } from '../opening.ts';

export const execFileCommand: Command = {
  name: 'exec-file',
  usage: 'exec-file FILE COMMAND',
  summary: 'run a command with the decrypted file in place of {}',
  flags: [
    { names: ['no-fifo'], kind: 'bool', help: 'a regular file instead of a pipe' },
    { names: ['filename'], kind: 'string', help: 'name of that file' },
    { names: ['user'], kind: 'string', help: 'run as this user' },
    {
      names: ['background'],
      kind: 'bool',
      help: 'accepted; the file must not outlive the command, so it is waited for',
    },
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
        'exec-file takes a file and a command',
        "tidelock exec-file FILE 'COMMAND {}'",
      );
    }
    const name = flags.text('filename');
    if (name !== undefined && (name !== basename(name) || name === '' || name === '..')) {
      throw new CommandError(
        'ERR_USAGE',
        1,
        '--filename must be a plain file name',
        'Leave folders out of it.',
      );
    }
    const input = await readInput(ports, flags, positionals);
    const { opened, found } = await openForReading(ports, flags, input);
    const bytes = emitOpened(opened, input.outputFormat, { flags, found });
    const user = flags.text('user');
    const child = user === undefined ? undefined : await childUser(user, ports);
    const env = { ...ports.env, ...child?.env };
    return withPrivateFolder('.sops', async (folder) => {
      const noFifo = flags.isOn('no-fifo') || process.platform === 'win32';
      const path = join(
        folder,
        name ?? (noFifo ? `tmp-file${randomBytes(4).toString('hex')}` : 'tmp-file'),
      );
      const line = command.replaceAll('{}', path);
      const options = { env, ...(child === undefined ? {} : { user: child.ids }) };
      const work = () => runShell(line, options);
      if (noFifo) await writeFile(path, bytes, { mode: 0o600, flag: 'wx' });
      const status = noFifo ? await work() : await runBesidePipe(path, bytes, work);
      if (status !== 0) ports.stderr(`exit status ${status}\n`);
      return status;
    });
  },
};

/** Feeds the pipe while the command runs; a command that never reads it does not hold us up. */
async function runBesidePipe(
  path: string,
  bytes: Uint8Array,
  work: () => Promise<number>,
): Promise<number> {
  const made = spawnSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' });
  if (made.status !== 0) {
    throw new CommandError('ERR_UNSUPPORTED', 1, 'no pipe could be made', 'Use --no-fifo.');
  }
  const writing = feed(path, bytes).catch(() => undefined);
  try {
    return await work();
  } finally {
    // A writer that still waits for a reader gets one, and then a closed pipe.
    const reader = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    await reader.close();
    await writing;
  }
}

async function feed(path: string, bytes: Uint8Array): Promise<void> {
  const pipe = await open(path, 'w');
  try {
    await pipe.writeFile(bytes);
  } finally {
    await pipe.close();
  }
}
