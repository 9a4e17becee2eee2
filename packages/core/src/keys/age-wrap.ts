import { zero } from '../bytes.ts';
import { TidelockError } from '../errors.ts';
import type { RandomBytes } from '../ports.ts';
import { armorAge } from './age-armor.ts';
import { FILE_KEY_BYTES, sealAgeFile } from './age-file.ts';
import type { AgeStanza } from './age-format.ts';
import { type PluginAccess, wrapWithPlugin } from './age-plugin.ts';
import { sealPostQuantum } from './age-post-quantum.ts';
import { type AgeRecipient, parseAgeRecipient } from './age-recipient.ts';
import { wrapForSsh } from './age-ssh.ts';
import { wrapForX25519 } from './age-x25519.ts';

export interface AgeWrapOptions {
  readonly randomBytes: RandomBytes;
  readonly plugins: PluginAccess | null;
  /**
   * Whether a person or `.sops.yaml` named this recipient. A plugin is never started because the
   * metadata of a file names it.
   */
  readonly isTrustedRecipient: (recipient: string) => boolean;
}

/**
 * An armored age file for one recipient, with exactly one stanza (SOPS-FORMAT 6.1).
 * @throws TidelockError ERR_KEY_SPEC, ERR_KEY_WRAP, ERR_IDENTITY
 */
export async function wrapForAge(
  recipientText: string,
  dataKey: Uint8Array,
  options: AgeWrapOptions,
): Promise<string> {
  const recipient = parseAgeRecipient(recipientText);
  if (recipient === null) {
    throw new TidelockError(
      'ERR_KEY_SPEC',
      'An age recipient is malformed or its checksum is wrong',
      {
        hint: 'Expected age1…, age1pq1…, age1<plugin>1…, or an ssh-ed25519 or ssh-rsa public key.',
      },
    );
  }
  if (recipient.kind === 'post-quantum') {
    return armorAge(await sealPostQuantum(recipientText, dataKey));
  }
  const fileKey = options.randomBytes(FILE_KEY_BYTES);
  const stanza = await wrapFileKey(recipient, recipientText, { fileKey, options });
  const { randomBytes } = options;
  const file = sealAgeFile(dataKey, { stanzas: [stanza], fileKey, randomBytes });
  zero(fileKey);
  return armorAge(file);
}

async function wrapFileKey(
  recipient: Exclude<AgeRecipient, { kind: 'post-quantum' }>,
  text: string,
  { fileKey, options }: { readonly fileKey: Uint8Array; readonly options: AgeWrapOptions },
): Promise<AgeStanza> {
  if (recipient.kind === 'x25519') return wrapForX25519(recipient.publicKey, fileKey);
  if (recipient.kind === 'ssh') return wrapForSsh(recipient.key, fileKey);
  if (!options.isTrustedRecipient(text)) {
    throw new TidelockError(
      'ERR_KEY_WRAP',
      `age-plugin-${recipient.name} is not started for a recipient that only the file names`,
      { hint: 'Name the recipient in .sops.yaml or on the command line.' },
    );
  }
  if (options.plugins === null) {
    throw new TidelockError('ERR_KEY_WRAP', `age-plugin-${recipient.name} may not be run here`, {
      hint: 'Run this where plugins are allowed, or use a recipient that needs none.',
    });
  }
  return wrapWithPlugin({ name: recipient.name, recipient: text }, fileKey, options.plugins);
}
