import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { fromBase64 } from '../bytes.ts';
import { TidelockError } from '../errors.ts';
import type { SshSecret } from './age-ssh.ts';
import { seedToScalar } from './ed25519-to-x25519.ts';
import { openSshKeyFile, type SealedSshKey } from './openssh-key.ts';
import { parseSshWireKey, type SshPublicKey } from './ssh-public-key.ts';

export interface SshKeyPair {
  readonly publicKey: SshPublicKey;
  readonly secret: SshSecret;
}

/** A private key file: open at once, or once its passphrase is known. */
export type SshKeyFile =
  | { readonly sealed: false; readonly pair: SshKeyPair }
  | {
      readonly sealed: true;
      /** null where the file does not show it (PEM): then the `.pub` beside it does. */
      readonly publicKey: SshPublicKey | null;
      /** @throws TidelockError ERR_IDENTITY for a wrong passphrase */
      readonly open: (passphrase: string) => SshKeyPair;
    };

const OPENSSH =
  /-----BEGIN OPENSSH PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END OPENSSH PRIVATE KEY-----/;
const PEM = /-----BEGIN (?:RSA |ENCRYPTED )?PRIVATE KEY-----/;

/**
 * Reads an ssh private key: OpenSSH's own form, PKCS #1 or PKCS #8; ed25519 or rsa.
 * @throws TidelockError ERR_IDENTITY, without a word of the file
 */
export function parseSshPrivateKey(text: string): SshKeyFile {
  const openssh = OPENSSH.exec(text);
  if (openssh !== null) return fromOpenSsh(fromBase64((openssh[1] ?? '').replace(/\s/g, '')));
  if (!PEM.test(text)) throw unusable('it is neither an OpenSSH nor a PEM private key');
  const sealed =
    text.includes('-----BEGIN ENCRYPTED PRIVATE KEY-----') ||
    text.includes('Proc-Type: 4,ENCRYPTED');
  if (!sealed) return { sealed: false, pair: fromPem(text) };
  return { sealed: true, publicKey: null, open: (passphrase) => fromPem(text, passphrase) };
}

function fromOpenSsh(bytes: Uint8Array | null): SshKeyFile {
  const file = bytes === null ? null : openSshKeyFile(bytes);
  if (file === null) throw unusable('it is damaged or of an unknown form');
  const publicKey = parseSshWireKey(file.publicKey);
  if (publicKey === null) throw unusable('only ed25519 and rsa keys can open age files');
  if (file.sealed)
    return { sealed: true, publicKey, open: (text) => unseal(file, publicKey, text) };
  return { sealed: false, pair: pairOf(publicKey, file.fields) };
}

function unseal(file: SealedSshKey, publicKey: SshPublicKey, passphrase: string): SshKeyPair {
  const fields = file.open(passphrase);
  if (fields === null) throw unusable('the passphrase is wrong');
  return pairOf(publicKey, fields);
}

function pairOf(publicKey: SshPublicKey, fields: readonly Uint8Array[]): SshKeyPair {
  const pair =
    publicKey.type === 'ssh-ed25519' ? ed25519Pair(publicKey, fields) : rsaPair(publicKey, fields);
  if (pair === null) throw unusable('it is damaged');
  return pair;
}

/** Fields: point, seed followed by the point. */
function ed25519Pair(
  publicKey: SshPublicKey & { type: 'ssh-ed25519' },
  fields: readonly Uint8Array[],
): SshKeyPair | null {
  const [point, secret] = fields;
  if (point === undefined || secret?.length !== 64) return null;
  if (Buffer.compare(point, publicKey.point) !== 0) return null;
  const scalar = seedToScalar(secret.subarray(0, 32));
  return { publicKey, secret: { type: 'ssh-ed25519', scalar } };
}

/** Fields: n, e, d, iqmp, p, q. */
function rsaPair(publicKey: SshPublicKey, fields: readonly Uint8Array[]): SshKeyPair | null {
  const [n, e, d, qi, p, q] = fields.map(toBigInt);
  if (!n || !e || !d || !qi || !p || !q || p === 1n || q === 1n) return null;
  const numbers = { n, e, d, p, q, qi, dp: d % (p - 1n), dq: d % (q - 1n) };
  const jwk = Object.fromEntries(
    Object.entries(numbers).map(([name, value]) => [name, toBase64Url(value)]),
  );
  const privateKey = orNull(() => createPrivateKey({ key: { kty: 'RSA', ...jwk }, format: 'jwk' }));
  return privateKey === null ? null : { publicKey, secret: { type: 'ssh-rsa', privateKey } };
}

function fromPem(text: string, passphrase?: string): SshKeyPair {
  const privateKey = orNull(() =>
    createPrivateKey(passphrase === undefined ? text : { key: text, passphrase }),
  );
  if (privateKey === null) {
    throw unusable(passphrase === undefined ? 'it is damaged' : 'the passphrase is wrong');
  }
  const publicKey = sshPublicKeyOf(privateKey);
  if (publicKey === null) throw unusable('only ed25519 and rsa keys can open age files');
  if (publicKey.type === 'ssh-rsa') return { publicKey, secret: { type: 'ssh-rsa', privateKey } };
  const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  return { publicKey, secret: { type: 'ssh-ed25519', scalar: seedToScalar(seed) } };
}

function sshPublicKeyOf(privateKey: KeyObject): SshPublicKey | null {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  if (jwk.kty === 'RSA') {
    const numbers = [jwk.e, jwk.n].map((text) => mpint(Buffer.from(text ?? '', 'base64url')));
    return parseSshWireKey(Buffer.concat([field(Buffer.from('ssh-rsa')), ...numbers.map(field)]));
  }
  if (jwk.crv !== 'Ed25519') return null;
  const point = Buffer.from(jwk.x ?? '', 'base64url');
  return parseSshWireKey(Buffer.concat([field(Buffer.from('ssh-ed25519')), field(point)]));
}

function field(bytes: Uint8Array): Uint8Array {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function mpint(bytes: Uint8Array): Uint8Array {
  return (bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Uint8Array.of(0), bytes]) : bytes;
}

function toBigInt(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBase64Url(value: bigint): string {
  const hex = value.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex').toString('base64url');
}

function orNull(make: () => KeyObject): KeyObject | null {
  try {
    return make();
  } catch {
    return null;
  }
}

function unusable(why: string): TidelockError {
  return new TidelockError('ERR_IDENTITY', `The ssh private key cannot be used: ${why}`, {
    hint: 'Check it with ssh-keygen -y -f <file>; age works with ed25519 and rsa keys.',
  });
}
