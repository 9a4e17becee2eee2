import type { Command, Invocation } from '../command.ts';
import { errorText } from '../error-text.ts';
import { KEY_SERVICE_FLAGS } from '../flag-specs.ts';
import { refused } from '../kubernetes/refused.ts';
import { CERTIFICATE_FLAGS } from '../sealed-secrets/certificate-flags.ts';
import { RECOVERY_KEY_FLAG } from '../sealed-secrets/recovery-key-flag.ts';

const COULD_NOT_RUN = 2;

const VERBS: ReadonlyMap<string, () => Promise<(invocation: Invocation) => Promise<number>>> =
  new Map([
    ['seal', async () => (await import('../sealed-secrets/seal.ts')).seal],
    ['unseal', async () => (await import('../sealed-secrets/unseal.ts')).unseal],
    ['reseal', async () => (await import('../sealed-secrets/reseal.ts')).reseal],
  ]);

export const sealedSecretsCommand: Command = {
  name: 'sealed-secrets',
  usage: 'sealed-secrets seal|unseal|reseal [flags] [FILE|FOLDER...]',
  summary:
    'seal for the controller of Sealed Secrets, open with its keys, seal anew for a newer one',
  flags: [
    ...CERTIFICATE_FLAGS,
    RECOVERY_KEY_FLAG,
    {
      names: ['scope'],
      kind: 'string',
      help: 'seal: strict (the default), namespace-wide or cluster-wide',
    },
    {
      names: ['namespace', 'n'],
      kind: 'string',
      help: 'for a manifest that names none, and --raw',
    },
    { names: ['name'], kind: 'string', help: 'the same for the name' },
    { names: ['raw'], kind: 'bool', help: 'one value of --from-file instead of a manifest' },
    {
      names: ['from-file'],
      kind: 'list',
      help: '[KEY=]FILE instead of a manifest; KEY=- is standard input',
    },
    {
      names: ['from-env-file'],
      kind: 'list',
      help: 'seal: lines of KEY=VALUE; - is standard input',
    },
    { names: ['type'], kind: 'string', help: 'seal: type of the Secret, with --from-file' },
    { names: ['merge-into'], kind: 'string', help: 'seal: into the SealedSecret of this file' },
    { names: ['format'], kind: 'string', help: 'yaml or json, where no file name says it' },
    { names: ['output'], kind: 'string', help: 'write to this file' },
    { names: ['yes', 'y'], kind: 'bool', help: 'reseal: do what the plan says; do not ask' },
    { names: ['dry-run'], kind: 'bool', help: 'reseal: show the plan alone' },
    {
      names: ['check'],
      kind: 'bool',
      help: 'reseal: change nothing; exit 1 where a value is due',
    },
    { names: ['json'], kind: 'bool', help: 'reseal: the plan as JSON' },
    {
      names: ['record'],
      kind: 'string',
      help: 'file that notes what the newest certificate sealed (.sealed-secrets.json)',
    },
    ...KEY_SERVICE_FLAGS,
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    try {
      const [verb = '', ...rest] = invocation.positionals;
      const load = VERBS.get(verb);
      if (load === undefined)
        throw refused(
          verb === '' ? 'what is to be done is not said' : 'this is nothing that can be done',
          'tidelock sealed-secrets seal, unseal or reseal',
        );
      return await (await load())({ ...invocation, positionals: rest });
    } catch (error) {
      invocation.ports.stderr(errorText(error));
      return COULD_NOT_RUN;
    }
  },
};
