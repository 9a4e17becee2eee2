import type { Command, Invocation } from '../command.ts';
import { errorText } from '../error-text.ts';
import { KEY_SERVICE_FLAGS } from '../flag-specs.ts';
import type { FlagSpec, Flags } from '../flags.ts';
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

type VerbFlag = FlagSpec & { readonly verbs: readonly string[] };

const of = (verbs: string, spec: FlagSpec): VerbFlag => ({ ...spec, verbs: verbs.split(' ') });

const VERB_FLAGS: readonly VerbFlag[] = [
  ...CERTIFICATE_FLAGS.map((spec) => of('seal unseal reseal', spec)),
  of('unseal reseal', RECOVERY_KEY_FLAG),
  of('seal unseal', {
    names: ['scope'],
    kind: 'string',
    help: 'strict (the default), namespace-wide or cluster-wide; unseal: with --raw',
  }),
  of('seal unseal reseal', {
    names: ['namespace', 'n'],
    kind: 'string',
    help: 'for a manifest that names none, and --raw',
  }),
  of('seal unseal', { names: ['name'], kind: 'string', help: 'the same for the name' }),
  of('seal unseal', {
    names: ['raw'],
    kind: 'bool',
    help: 'one value of --from-file instead of a manifest',
  }),
  of('seal unseal', {
    names: ['from-file'],
    kind: 'list',
    help: '[KEY=]FILE instead of a manifest; KEY=- is standard input',
  }),
  of('seal', {
    names: ['from-env-file'],
    kind: 'list',
    help: 'lines of KEY=VALUE; - is standard input',
  }),
  of('seal', { names: ['type'], kind: 'string', help: 'type of the Secret, with --from-file' }),
  of('seal', {
    names: ['merge-into'],
    kind: 'string',
    help: 'seal into the SealedSecret of this file',
  }),
  of('seal unseal', {
    names: ['format'],
    kind: 'string',
    help: 'yaml or json, where no file name says it',
  }),
  of('seal unseal', { names: ['output'], kind: 'string', help: 'write to this file' }),
  of('reseal', { names: ['yes', 'y'], kind: 'bool', help: 'do what the plan says; do not ask' }),
  of('reseal', { names: ['dry-run'], kind: 'bool', help: 'show the plan alone' }),
  of('reseal', {
    names: ['check'],
    kind: 'bool',
    help: 'change nothing; exit 1 where a value is due',
  }),
  of('reseal', { names: ['json'], kind: 'bool', help: 'the plan as JSON' }),
  of('seal reseal', {
    names: ['record'],
    kind: 'string',
    help: 'file that notes what the newest certificate sealed (.sealed-secrets.json)',
  }),
];

export const sealedSecretsCommand: Command = {
  name: 'sealed-secrets',
  usage: 'sealed-secrets seal|unseal|reseal [flags] [FILE|FOLDER...]',
  summary:
    'seal for the controller of Sealed Secrets, open with its keys, seal anew for a newer one',
  flags: [
    ...VERB_FLAGS.map(({ verbs, ...spec }) => ({
      ...spec,
      help: verbs.length === 1 ? `${verbs[0]}: ${spec.help}` : spec.help,
    })),
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
      refuseOtherFlags(verb, invocation.flags);
      return await (await load())({ ...invocation, positionals: rest });
    } catch (error) {
      invocation.ports.stderr(errorText(error));
      return COULD_NOT_RUN;
    }
  },
};

/** What one verb would pass over could mean a lot to whoever wrote it. */
function refuseOtherFlags(verb: string, flags: Flags): void {
  for (const { names, verbs } of VERB_FLAGS)
    if (flags.has(names[0]) && !verbs.includes(verb))
      throw refused(`--${names[0]} is nothing for ${verb}`, `It is for ${verbs.join(' and ')}.`);
}
