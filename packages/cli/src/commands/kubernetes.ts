import type { Command } from '../command.ts';
import { errorText } from '../error-text.ts';
import { KEY_FLAGS, KEY_SERVICE_FLAGS } from '../flag-specs.ts';
import { refused } from '../kubernetes/refused.ts';

const COULD_NOT_RUN = 2;

export const kubernetesCommand: Command = {
  name: 'kubernetes',
  usage: 'kubernetes secret NAME [--namespace NS] --from-file KEY=FILE ... -o FILE',
  summary: 'write an encrypted Secret manifest in one step',
  flags: [
    {
      names: ['output', 'o'],
      kind: 'string',
      help: 'the manifest to write; decides its creation rule',
    },
    { names: ['namespace', 'n'], kind: 'string', help: 'namespace of the Secret' },
    { names: ['type'], kind: 'string', help: 'type of the Secret, as kubernetes.io/tls (Opaque)' },
    { names: ['from-file'], kind: 'list', help: '[KEY=]FILE; KEY=- is standard input' },
    { names: ['from-env-file'], kind: 'list', help: 'lines of KEY=VALUE; - is standard input' },
    { names: ['from-literal'], kind: 'list', help: 'KEY=VALUE; stays in the history of the shell' },
    { names: ['force'], kind: 'bool', help: 'replace a manifest that is there' },
    ...KEY_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    try {
      if (invocation.positionals[0] !== 'secret')
        throw refused('kubernetes makes a secret', 'tidelock kubernetes secret NAME ... -o FILE');
      const { makeSecret } = await import('../kubernetes/make-secret.ts');
      return await makeSecret(invocation);
    } catch (error) {
      invocation.ports.stderr(errorText(error));
      return COULD_NOT_RUN;
    }
  },
};
