import { GitError } from '@tidelock/git';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import { KEY_FLAGS } from '../flag-specs.ts';
import { RECOVERY_KEY_FLAG } from '../sealed-secrets/recovery-key-flag.ts';

const COULD_NOT_RUN = 2;

/** What can be moved from, loaded when it is asked for. */
const SOURCES: ReadonlyMap<string, () => Promise<(invocation: Invocation) => Promise<number>>> =
  new Map([
    ['cleartext', async () => (await import('../migrate/migrate-cleartext.ts')).migrateCleartext],
    [
      'external-secrets',
      async () =>
        (await import('../migrate/external-secrets/migrate-external-secrets.ts'))
          .migrateExternalSecrets,
    ],
    [
      'sealed-secrets',
      async () => (await import('../migrate/migrate-sealed-secrets.ts')).migrateSealedSecrets,
    ],
  ]);

export const migrateCommand: Command = {
  name: 'migrate',
  usage: `migrate ${[...SOURCES.keys()].join('|')} [flags] [DIR]`,
  summary: 'move a repository to encrypted files; shows a plan first',
  flags: [
    { names: ['yes', 'y'], kind: 'bool', help: 'do what the plan says; do not ask' },
    { names: ['json'], kind: 'bool', help: 'the plan as JSON' },
    { ...RECOVERY_KEY_FLAG, help: `sealed-secrets: ${RECOVERY_KEY_FLAG.help}` },
    ...KEY_FLAGS,
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    try {
      return await (await sourceOf(invocation.positionals[0]))(invocation);
    } catch (error) {
      invocation.ports.stderr(errorText(asCommandError(error)));
      return COULD_NOT_RUN;
    }
  },
};

async function sourceOf(name: string | undefined) {
  const load = name === undefined ? undefined : SOURCES.get(name);
  if (load !== undefined) return load();
  const known = [...SOURCES.keys()].join(', ');
  throw new CommandError(
    'ERR_USAGE',
    COULD_NOT_RUN,
    name === undefined
      ? 'migrate needs to know from what'
      : 'nothing is known to migrate from there',
    `It is one of: ${known}.`,
  );
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  return new CommandError('ERR_GIT', COULD_NOT_RUN, error.message, error.hint);
}
