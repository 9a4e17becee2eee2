import type { MasterKey, PgpKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import type { Environment } from '../ports.ts';
import type { KeyService } from './keyservice.ts';
import type { ReadPassphrase } from './passphrase.ts';
import { parsePgpFingerprint } from './pgp-fingerprint.ts';
import { decryptWithGpg, encryptWithGpg } from './pgp-gpg.ts';
import { publicKeyring, secretKeyring } from './pgp-keyring.ts';
import { decryptWithOpenPgp, encryptWithOpenPgp } from './pgp-openpgp.ts';

export interface PgpKeyServiceOptions {
  readonly environment: Environment;
  /** Armored key blocks, public or secret, that are used before any keyring and without gpg. */
  readonly armoredKeys?: readonly string[];
  /** Asked for secret keys among `armoredKeys`; gpg asks through its agent. */
  readonly readPassphrase?: ReadPassphrase;
}

/**
 * PGP: given keys, then the keyring files of an old GNUPGHOME by openpgp, then gpg (SOPS_GPG_EXEC),
 * in sops' order (SOPS-FORMAT 6.4).
 */
export function pgpKeyService(options: PgpKeyServiceOptions): KeyService {
  return {
    types: ['pgp'],
    wrap: (key, dataKey) => wrap(pgpKeyOf(key), dataKey, options),
    unwrap: (key) => unwrap(pgpKeyOf(key), options),
  };
}

async function wrap(
  key: PgpKey,
  dataKey: Uint8Array,
  options: PgpKeyServiceOptions,
): Promise<string> {
  const { fingerprint } = key;
  if (parsePgpFingerprint(fingerprint) !== null) {
    const given = options.armoredKeys ?? [];
    const keyring = await publicKeyring(fingerprint, options.environment);
    for (const material of [given, keyring === null ? [] : [keyring]]) {
      if (material.length === 0) continue;
      const message = await encryptWithOpenPgp(fingerprint, dataKey, material);
      if (message !== null) return message;
    }
  }
  return encryptWithGpg(fingerprint, dataKey, options.environment);
}

async function unwrap(key: PgpKey, options: PgpKeyServiceOptions): Promise<Uint8Array> {
  const failures: string[] = [];
  const given = options.armoredKeys ?? [];
  const keyring = await secretKeyring(key.fingerprint, options.environment);
  const attempts: (() => Promise<Uint8Array | null>)[] = [];
  if (given.length > 0) {
    attempts.push(() => decryptWithOpenPgp(key.enc, given, options.readPassphrase));
  }
  if (keyring !== null) attempts.push(() => decryptWithOpenPgp(key.enc, [keyring], undefined));
  attempts.push(() => decryptWithGpg(key.enc, options.environment));
  for (const attempt of attempts) {
    try {
      const dataKey = await attempt();
      if (dataKey !== null) return dataKey;
    } catch (error) {
      if (!(error instanceof TidelockError)) throw error;
      failures.push(error.message);
    }
  }
  throw new TidelockError('ERR_KEY_UNWRAP', failures.join('; '), {
    hint: 'Check with gpg --list-secret-keys that the secret key is there and its agent answers.',
  });
}

function pgpKeyOf(key: MasterKey): PgpKey {
  if (key.type === 'pgp') return key;
  throw new TypeError(`not a PGP key: ${key.type}`);
}
