import { createDecipheriv } from 'node:crypto';
import { bcryptPbkdf } from './bcrypt-pbkdf.ts';
import { SshReader } from './ssh-public-key.ts';

export interface SealedSshKey {
  readonly sealed: true;
  readonly publicKey: Uint8Array;
  /** The fields of the private key, or null for a wrong passphrase. */
  readonly open: (passphrase: string) => readonly Uint8Array[] | null;
}

export type OpenSshKey =
  | {
      readonly sealed: false;
      readonly publicKey: Uint8Array;
      readonly fields: readonly Uint8Array[];
    }
  | SealedSshKey;

interface Envelope {
  readonly cipher: string;
  readonly salt: Uint8Array;
  readonly rounds: number;
  readonly content: Uint8Array;
}

const MAGIC = Buffer.from('openssh-key-v1\0');
const KEY_BYTES = 32;
const IV_BYTES = 16;
/** OpenSSH writes 24 unless told otherwise (ssh-keygen -a); a round takes milliseconds. */
const MOST_ROUNDS = 2000;

/** Reads the body of an `OPENSSH PRIVATE KEY` with one key in it; null when it is not that. */
export function openSshKeyFile(bytes: Uint8Array): OpenSshKey | null {
  if (Buffer.compare(bytes.subarray(0, MAGIC.length), MAGIC) !== 0) return null;
  const reader = new SshReader(bytes.subarray(MAGIC.length));
  const cipher = reader.text();
  const kdf = reader.text();
  const kdfOptions = reader.field();
  const count = reader.uint32();
  const publicKey = reader.field();
  const content = reader.field();
  if (cipher === null || kdf === null || kdfOptions === null || count !== 1) return null;
  if (publicKey === null || content === null) return null;
  if (cipher === 'none') {
    const fields = privateFields(content, publicKey);
    return fields === null ? null : { sealed: false, publicKey, fields };
  }
  const options = new SshReader(kdfOptions);
  const salt = options.field();
  const rounds = options.uint32();
  if (kdf !== 'bcrypt' || salt === null || rounds === null) return null;
  if (rounds < 1 || rounds > MOST_ROUNDS || !/^aes256-(ctr|cbc)$/.test(cipher)) return null;
  const envelope = { cipher, salt, rounds, content };
  const open = (passphrase: string) => {
    const opened = decrypt(envelope, passphrase);
    return opened === null ? null : privateFields(opened, publicKey);
  };
  return { sealed: true, publicKey, open };
}

function decrypt(envelope: Envelope, passphrase: string): Uint8Array | null {
  if (envelope.content.length % IV_BYTES !== 0) return null;
  const secret = bcryptPbkdf(Buffer.from(passphrase), envelope.salt, {
    rounds: envelope.rounds,
    length: KEY_BYTES + IV_BYTES,
  });
  const name = envelope.cipher.replace('aes256', 'aes-256');
  const key = secret.subarray(0, KEY_BYTES);
  const decipher = createDecipheriv(name, key, secret.subarray(KEY_BYTES)).setAutoPadding(false);
  return Buffer.concat([decipher.update(envelope.content), decipher.final()]);
}

/** Two equal check numbers, the type, the fields, a comment, padding 1 2 3 … */
function privateFields(content: Uint8Array, publicKey: Uint8Array): readonly Uint8Array[] | null {
  const reader = new SshReader(content);
  const check = reader.uint32();
  if (check === null || check !== reader.uint32()) return null;
  const type = reader.text();
  if (type === null || type !== new SshReader(publicKey).text()) return null;
  const fields: Uint8Array[] = [];
  for (let i = 0; i < (type === 'ssh-rsa' ? 6 : 2); i++) {
    const next = reader.field();
    if (next === null) return null;
    fields.push(next);
  }
  return fields;
}
