import { addGroup, deleteGroup, rfc3339Seconds } from '@tidelock/core';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { checkDestination } from '../files/output.ts';
import {
  CANONICAL_FLAG,
  IN_PLACE_FLAG,
  KEY_FLAGS,
  KEY_SERVICE_FLAGS,
  OUTPUT_FLAG,
  THRESHOLD_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';
import { keysFromFlags } from '../key-groups.ts';
import { rewriteFile } from '../rewriting.ts';

export const groupsCommand: Command = {
  name: 'groups',
  usage: 'groups add|delete --file FILE [flags] [N]',
  summary: 'add a key group, or delete the one of number N (from 0)',
  flags: [
    { names: ['file', 'f'], kind: 'string', help: 'the encrypted file' },
    IN_PLACE_FLAG,
    OUTPUT_FLAG,
    ...KEY_FLAGS,
    THRESHOLD_FLAG,
    ...TYPE_FLAGS,
    CANONICAL_FLAG,
    ...KEY_SERVICE_FLAGS,
  ],
  async run(invocation) {
    const [verb, number] = invocation.positionals;
    const file = invocation.flags.text('file');
    if (file === undefined) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified',
        'tidelock groups add --file FILE --age age1...',
      );
    }
    checkDestination(invocation.flags, file);
    if (verb === 'add') return add(invocation, file);
    if (verb === 'delete') return remove(invocation, file, number);
    throw new CommandError('ERR_USAGE', 1, 'groups takes add or delete', 'tidelock groups --help');
  },
};

async function add({ ports, flags }: Invocation, file: string): Promise<number> {
  const now = ports.now();
  const group = { keys: keysFromFlags(flags, rfc3339Seconds(now)) };
  await rewriteFile(ports, flags, {
    path: [file],
    destination: 'as-flags-say',
    change: ({ source, services }) =>
      addGroup(source, group, { services, now, ...thresholdOf(flags) }),
  });
  return 0;
}

async function remove(
  { ports, flags }: Invocation,
  file: string,
  number: string | undefined,
): Promise<number> {
  if (number === undefined || !/^\d{1,3}$/.test(number)) {
    throw new CommandError(
      'ERR_USAGE',
      1,
      'groups delete takes the number of the group',
      'Groups count from 0: tidelock groups delete --file FILE 0',
    );
  }
  const now = ports.now();
  await rewriteFile(ports, flags, {
    path: [file],
    destination: 'as-flags-say',
    change: ({ source, services }) =>
      deleteGroup(source, Number(number), { services, now, ...thresholdOf(flags) }),
  });
  return 0;
}

function thresholdOf(flags: Invocation['flags']): { threshold?: number } {
  const text = flags.text('shamir-secret-sharing-threshold');
  return text === undefined ? {} : { threshold: Number(text) };
}
