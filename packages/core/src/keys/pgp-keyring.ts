import { posix, win32 } from 'node:path';
import type { Environment } from '../ports.ts';
import { readPgpPackets } from './pgp-packets.ts';
import { readPgpPublicKeys } from './pgp-public-keys.ts';

/**
 * `pubring.gpg` of GNUPGHOME when it holds exactly this primary key, else null. Homes of gpg 2.1 and
 * later have a keybox instead, which only gpg reads. The check is by hand, so that openpgp is loaded
 * for nobody else.
 */
export async function publicKeyring(
  fingerprint: string,
  environment: Environment,
): Promise<Uint8Array | null> {
  if (!/^[0-9A-F]{40}$/.test(fingerprint)) return null;
  const keyring = await readKeyring('pubring.gpg', environment);
  const keys = keyring === null ? null : readPgpPublicKeys(keyring);
  return keys?.some((key) => key.fingerprint === fingerprint) === true ? keyring : null;
}

/** `secring.gpg`, else a `pubring.gpg` that holds secret keys (SOPS-FORMAT 6.4). */
export async function secretKeyring(
  fingerprint: string,
  environment: Environment,
): Promise<Uint8Array | null> {
  if (!/^[0-9A-F]{40}$/.test(fingerprint)) return null;
  for (const name of ['secring.gpg', 'pubring.gpg']) {
    const keyring = await readKeyring(name, environment);
    const packets = keyring === null ? null : readPgpPackets(keyring);
    if (packets?.some(({ tag }) => tag === SECRET_KEY) === true) return keyring;
  }
  return null;
}

const SECRET_KEY = 5;

async function readKeyring(name: string, environment: Environment): Promise<Uint8Array | null> {
  const path = environment.platform === 'win32' ? win32 : posix;
  const home = environment.env.GNUPGHOME || path.join(environment.homeDir, '.gnupg');
  return environment.readFile(path.join(home, name)).catch(() => null);
}
