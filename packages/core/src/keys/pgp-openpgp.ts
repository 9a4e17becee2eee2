import type { Key, PrivateKey, Subkey } from 'openpgp';
import { TidelockError } from '../errors.ts';
import type { ReadPassphrase } from './passphrase.ts';

/** A binary keyring, or an armored key block (public or secret). */
export type KeyMaterial = Uint8Array | string;

/** Bytes a message may unpack to; a data key has 32. */
const MOST_CONTENT = 64 * 1024;

/**
 * Encrypts to the key of that fingerprint, or to the key that has it as a subkey. null when the
 * material does not hold it. openpgp is loaded only here.
 * @throws TidelockError ERR_KEY_WRAP for a key that is expired, revoked or cannot encrypt
 */
export async function encryptWithOpenPgp(
  fingerprint: string,
  dataKey: Uint8Array,
  material: readonly KeyMaterial[],
): Promise<string | null> {
  const openpgp = await import('openpgp');
  const keys = await readKeys(material);
  const wanted = fingerprint.replace(/!$/, '').toLowerCase();
  const key = keys.find((candidate) => partOf(candidate, wanted) !== undefined);
  if (key === undefined) return null;
  const forced = fingerprint.endsWith('!') ? partOf(key, wanted)?.getKeyID() : undefined;
  try {
    const armored = await openpgp.encrypt({
      message: await openpgp.createMessage({ binary: Uint8Array.from(dataKey) }),
      encryptionKeys: key.toPublic(),
      ...(forced === undefined ? {} : { encryptionKeyIDs: [forced] }),
      format: 'armored',
    });
    return armored.trim();
  } catch (cause) {
    throw new TidelockError('ERR_KEY_WRAP', 'The PGP key cannot be encrypted to', {
      cause,
      hint: 'It may be expired or revoked: look at gpg --list-keys and replace it.',
    });
  }
}

/**
 * Decrypts with the secret keys of the material. null when none of them is one of the readers.
 * @throws TidelockError ERR_KEY_UNWRAP, ERR_IDENTITY
 */
export async function decryptWithOpenPgp(
  armored: string,
  material: readonly KeyMaterial[],
  readPassphrase: ReadPassphrase | undefined,
): Promise<Uint8Array | null> {
  const openpgp = await import('openpgp');
  const message = await openpgp.readMessage({ armoredMessage: armored }).catch(() => null);
  if (message === null) throw failed('is damaged');
  const readers = new Set(message.getEncryptionKeyIDs().map((id) => id.toHex()));
  const secretKeys: PrivateKey[] = [];
  for (const key of await readKeys(material)) {
    if (!key.isPrivate() || !key.getKeys().some((k) => readers.has(k.getKeyID().toHex()))) continue;
    secretKeys.push(await unlocked(key, readPassphrase));
  }
  if (secretKeys.length === 0) return null;
  try {
    const { data } = await openpgp.decrypt({
      message,
      decryptionKeys: secretKeys,
      format: 'binary',
      config: { maxDecompressedMessageSize: MOST_CONTENT },
    });
    return data instanceof Uint8Array ? data : null;
  } catch {
    throw failed('was changed after it was made, or its secret key is damaged');
  }
}

async function readKeys(material: readonly KeyMaterial[]): Promise<readonly Key[]> {
  const openpgp = await import('openpgp');
  const keys: Key[] = [];
  for (const part of material) {
    const read =
      typeof part === 'string'
        ? openpgp.readKeys({ armoredKeys: part })
        : openpgp.readKeys({ binaryKeys: Uint8Array.from(part) });
    keys.push(...(await read.catch(() => [])));
  }
  return keys;
}

/** The primary key or subkey of that fingerprint or key id (lower-case hexadecimal). */
function partOf(key: Key, wanted: string): Key | Subkey | undefined {
  return key.getKeys().find((part) => part.getFingerprint().endsWith(wanted));
}

async function unlocked(
  key: PrivateKey,
  readPassphrase: ReadPassphrase | undefined,
): Promise<PrivateKey> {
  if (key.isDecrypted()) return key;
  const name = key.getFingerprint().toUpperCase();
  const passphrase = (await readPassphrase?.(`Passphrase of the PGP key ${name}`)) ?? null;
  if (passphrase === null) throw locked('is protected by a passphrase');
  const openpgp = await import('openpgp');
  return openpgp.decryptKey({ privateKey: key, passphrase }).catch(() => {
    throw locked('has another passphrase');
  });
}

function locked(why: string): TidelockError {
  return new TidelockError('ERR_IDENTITY', `The PGP secret key ${why}`, {
    hint: 'Import it with gpg --import, so that its agent asks for the passphrase.',
  });
}

function failed(why: string): TidelockError {
  return new TidelockError('ERR_KEY_UNWRAP', `The PGP message ${why}`, {
    hint: 'Restore the sops block from a commit in which the file could still be decrypted.',
  });
}
