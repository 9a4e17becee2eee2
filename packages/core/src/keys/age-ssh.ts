import {
  constants,
  createPublicKey,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto';
import { TidelockError } from '../errors.ts';
import { hkdfSha256, openChaCha, sealChaCha } from './age-crypto.ts';
import { FILE_KEY_BYTES } from './age-file.ts';
import { type AgeStanza, decodeRawBase64, encodeRawBase64 } from './age-format.ts';
import { edwardsToMontgomery } from './ed25519-to-x25519.ts';
import { type SshPublicKey, sshTag } from './ssh-public-key.ts';
import {
  generateX25519,
  x25519Point,
  x25519PrivateKey,
  x25519PublicKey,
  x25519Shared,
} from './x25519.ts';

const ED25519_INFO = 'age-encryption.org/v1/ssh-ed25519';
const RSA_PADDING = {
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: 'sha256',
  oaepLabel: Buffer.from('age-encryption.org/v1/ssh-rsa'),
};
const SMALLEST_RSA_BITS = 2048;
const NO_SECRET = new Uint8Array(0);

/** What of an ssh private key opens stanzas. */
export type SshSecret =
  /** The X25519 scalar made from an Ed25519 seed. */
  | { readonly type: 'ssh-ed25519'; readonly scalar: Uint8Array }
  | { readonly type: 'ssh-rsa'; readonly privateKey: KeyObject };

/** @throws TidelockError ERR_KEY_WRAP */
export function wrapForSsh(key: SshPublicKey, fileKey: Uint8Array): AgeStanza {
  return key.type === 'ssh-rsa' ? wrapForRsa(key, fileKey) : wrapForEd25519(key, fileKey);
}

/** Whether the stanza names that key. */
export function isSshStanzaFor(stanza: AgeStanza, key: SshPublicKey): boolean {
  return stanza.args[0] === key.type && stanza.args[1] === sshTag(key);
}

/**
 * The file key of a stanza that names this key, or null when it was made for another one with the
 * same tag.
 * @throws TidelockError ERR_KEY_UNWRAP
 */
export function unwrapSshStanza(
  stanza: AgeStanza,
  key: SshPublicKey,
  secret: SshSecret,
): Uint8Array | null {
  return secret.type === 'ssh-rsa'
    ? unwrapRsa(stanza, secret.privateKey)
    : unwrapEd25519(stanza, key, secret.scalar);
}

function wrapForEd25519(key: SshPublicKey, fileKey: Uint8Array): AgeStanza {
  const point = key.type === 'ssh-ed25519' ? edwardsToMontgomery(key.point) : null;
  const { privateKey, point: share } = generateX25519();
  const plain = point && x25519Shared(privateKey, x25519PublicKey(point));
  const secret = plain && tweaked(plain, key);
  if (!point || !secret) throw unusable('The ssh-ed25519 recipient is no valid point');
  const wrapKey = hkdfSha256(secret, Buffer.concat([share, point]), ED25519_INFO);
  return {
    args: ['ssh-ed25519', sshTag(key), encodeRawBase64(share)],
    body: sealChaCha(wrapKey, fileKey),
  };
}

function unwrapEd25519(
  stanza: AgeStanza,
  key: SshPublicKey,
  scalar: Uint8Array,
): Uint8Array | null {
  const share = stanza.args.length === 3 ? decodeRawBase64(stanza.args[2] ?? '') : null;
  if (share?.length !== 32 || stanza.body.length !== FILE_KEY_BYTES + 16) throw malformed();
  const privateKey = x25519PrivateKey(scalar);
  const plain = x25519Shared(privateKey, x25519PublicKey(share));
  const secret = plain && tweaked(plain, key);
  if (!secret) throw malformed();
  const salt = Buffer.concat([share, x25519Point(privateKey)]);
  return openChaCha(hkdfSha256(secret, salt, ED25519_INFO), stanza.body);
}

/** Binds the shared secret to the whole ssh key and not to its curve point alone. */
function tweaked(secret: Uint8Array, key: SshPublicKey): Uint8Array | null {
  const tweak = hkdfSha256(NO_SECRET, key.wire, ED25519_INFO);
  return x25519Shared(x25519PrivateKey(tweak), x25519PublicKey(secret));
}

function wrapForRsa(key: SshPublicKey & { type: 'ssh-rsa' }, fileKey: Uint8Array): AgeStanza {
  const publicKey = createPublicKey({
    key: { kty: 'RSA', n: base64Url(key.modulus), e: base64Url(key.exponent) },
    format: 'jwk',
  });
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < SMALLEST_RSA_BITS) throw unusable(`The ssh-rsa recipient has only ${bits} bits`);
  return {
    args: ['ssh-rsa', sshTag(key)],
    body: publicEncrypt({ key: publicKey, ...RSA_PADDING }, fileKey),
  };
}

function unwrapRsa(stanza: AgeStanza, privateKey: KeyObject): Uint8Array | null {
  if (stanza.args.length !== 2) throw malformed();
  try {
    const fileKey = privateDecrypt({ key: privateKey, ...RSA_PADDING }, stanza.body);
    return fileKey.length === FILE_KEY_BYTES ? fileKey : null;
  } catch {
    return null;
  }
}

function base64Url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function unusable(message: string): TidelockError {
  return new TidelockError('ERR_KEY_WRAP', message, {
    hint: 'Use an ssh-ed25519 key, an ssh-rsa key of 2048 bits or more, or an age recipient.',
  });
}

function malformed(): TidelockError {
  return new TidelockError('ERR_KEY_UNWRAP', 'An ssh stanza of the age file is malformed', {
    hint: 'Restore the sops block from a commit in which the file could still be decrypted.',
  });
}
