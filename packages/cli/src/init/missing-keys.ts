import { existsSync, readFileSync } from 'node:fs';
import { CommandError } from '../command-error.ts';
import type { Ports } from '../ports.ts';
import { keysFilePath } from './keys-file.ts';

/** What to say where nobody is named who could read the files. */
export function missingKeys(ports: Ports): CommandError {
  const own = recipientIn(keysFilePath(ports));
  const example =
    own === null
      ? '  --age age1...            an age recipient (tidelock keygen makes an identity)'
      : `  --age ${own}\n                           your own, from ${keysFilePath(ports)}`;
  return new CommandError(
    'ERR_USAGE',
    2,
    'nobody is named who could read the files',
    `Name at least one key, each flag as often as you like:
${example}
  --pgp FINGERPRINT        a PGP key (gpg --list-keys)
  --kms ARN                an AWS KMS key: arn:aws:kms:<region>:<account>:key/<id>
  --gcp-kms ID             projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k>
  --azure-kv URL           https://<vault>.vault.azure.net/keys/<name>/<version>
  --hc-vault-transit URI   https://<host>/v1/<engine>/keys/<name>
or --local for a key of a test environment that never leaves this machine.`,
  );
}

function recipientIn(file: string): string | null {
  if (!existsSync(file)) return null;
  try {
    return (
      /^# public key: (age1[a-z0-9]{50,70})\r?$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? null
    );
  } catch {
    return null;
  }
}
