import type { Key, Subkey } from 'openpgp';
import type { Environment } from '../ports.ts';
import { exportWithGpg } from './pgp-gpg.ts';
import { publicKeyring } from './pgp-keyring.ts';

/** What the public key at hand says of itself. */
export interface PgpKeyState {
  readonly isRevoked: boolean;
  /** Of the key or of the subkey that is encrypted to, whichever is earlier; null: never. */
  readonly expires: Date | null;
  /** Key ids of the key and its subkeys, 16 hexadecimal digits, upper case. */
  readonly keyIds: readonly string[];
  /** The key id that is encrypted to; null when there is none. */
  readonly encryptsTo: string | null;
}

/** null when the public key is not at hand or cannot be read. openpgp is loaded only here. */
export async function readPgpKeyState(
  fingerprint: string,
  { environment, now }: { readonly environment: Environment; readonly now: Date },
): Promise<PgpKeyState | null> {
  const keyring = await publicKeyring(fingerprint, environment);
  const material = keyring ?? (await exportWithGpg(fingerprint, environment));
  if (material === null) return null;
  const openpgp = await import('openpgp');
  const keys = await openpgp
    .readKeys({ binaryKeys: Uint8Array.from(material) })
    .catch((): Key[] => []);
  const wanted = fingerprint.replace(/!$/, '').toLowerCase();
  const key = keys.find((one) => one.getKeys().some((part) => isPart(part, wanted)));
  if (key === undefined) return null;
  const reader = fingerprint.endsWith('!')
    ? key.getKeys().find((part) => isPart(part, wanted))
    : await key.getEncryptionKey(undefined, now).catch(() => undefined);
  const ends = await Promise.all([key, ...(reader === undefined ? [] : [reader])].map(endOf));
  return {
    isRevoked: await key.isRevoked(undefined, undefined, now),
    expires: ends.reduce((a, b) => (a === null || (b !== null && b < a) ? b : a), null),
    keyIds: key.getKeys().map(idOf),
    encryptsTo: reader === undefined ? null : idOf(reader),
  };
}

const isPart = (part: Key | Subkey, wanted: string) => part.getFingerprint().endsWith(wanted);
const idOf = (part: Key | Subkey) => part.getKeyID().toHex().toUpperCase();

/** null: never. A key whose own signature is broken or expired counts as ended at the beginning. */
async function endOf(part: Key | Subkey): Promise<Date | null> {
  const time = await part.getExpirationTime().catch(() => null);
  if (time === null) return new Date(0);
  return typeof time === 'number' ? null : time;
}
