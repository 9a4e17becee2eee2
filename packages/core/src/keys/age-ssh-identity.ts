import { TidelockError } from '../errors.ts';
import type { AgeHeader } from './age-format.ts';
import type { AgeIdentity } from './age-identity.ts';
import { isSshStanzaFor, unwrapSshStanza } from './age-ssh.ts';
import type { ReadPassphrase } from './passphrase.ts';
import type { SshKeyFile, SshKeyPair } from './ssh-private-key.ts';
import type { SshPublicKey } from './ssh-public-key.ts';

export interface SshIdentityOptions {
  /** Where the key came from, for the question and for messages. */
  readonly source: string;
  /** From the `.pub` beside the key; only a PEM file with a passphrase needs it. */
  readonly publicKey: SshPublicKey | null;
  readonly readPassphrase: ReadPassphrase | undefined;
}

/** An ssh private key as an age identity; its passphrase is asked for once, and only when needed. */
export function sshIdentity(file: SshKeyFile, options: SshIdentityOptions): AgeIdentity {
  let pair: Promise<SshKeyPair> | null = file.sealed ? null : Promise.resolve(file.pair);
  const publicKey = file.sealed ? (file.publicKey ?? options.publicKey) : file.pair.publicKey;
  const openPair = (): Promise<SshKeyPair> => {
    pair ??= unseal(file, options);
    return pair;
  };
  return {
    kind: 'ssh',
    asks: file.sealed,
    unwrapFileKey: async (header: AgeHeader) => {
      for (const stanza of header.stanzas) {
        if (publicKey === null || !isSshStanzaFor(stanza, publicKey)) continue;
        const opened = await openPair();
        const fileKey = unwrapSshStanza(stanza, publicKey, opened.secret);
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}

async function unseal(file: SshKeyFile, options: SshIdentityOptions): Promise<SshKeyPair> {
  if (!file.sealed) return file.pair;
  const passphrase = await options.readPassphrase?.(`Passphrase of ${options.source}`);
  if (passphrase === undefined || passphrase === null) {
    throw new TidelockError('ERR_IDENTITY', `${options.source} is protected by a passphrase`, {
      hint: 'Run it on a terminal, or give a key without a passphrase in SOPS_AGE_SSH_PRIVATE_KEY_FILE.',
    });
  }
  return file.open(passphrase);
}
