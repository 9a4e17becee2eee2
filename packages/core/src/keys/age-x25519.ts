import { TidelockError } from '../errors.ts';
import { hkdfSha256, openChaCha, sealChaCha } from './age-crypto.ts';
import { FILE_KEY_BYTES } from './age-file.ts';
import { type AgeHeader, type AgeStanza, decodeRawBase64, encodeRawBase64 } from './age-format.ts';
import type { AgeIdentity } from './age-identity.ts';
import {
  generateX25519,
  x25519Point,
  x25519PrivateKey,
  x25519PublicKey,
  x25519Shared,
} from './x25519.ts';

const INFO = 'age-encryption.org/v1/X25519';
const POINT_BYTES = 32;
const SEALED_KEY_BYTES = FILE_KEY_BYTES + 16;

/** @throws TidelockError ERR_KEY_WRAP for a recipient of low order */
export function wrapForX25519(recipient: Uint8Array, fileKey: Uint8Array): AgeStanza {
  const { privateKey, point: share } = generateX25519();
  const secret = x25519Shared(privateKey, x25519PublicKey(recipient));
  if (secret === null) {
    throw new TidelockError('ERR_KEY_WRAP', 'The age recipient is a point that protects nothing', {
      hint: 'Ask its owner for the recipient that age-keygen -y prints.',
    });
  }
  const key = hkdfSha256(secret, Buffer.concat([share, recipient]), INFO);
  return { args: ['X25519', encodeRawBase64(share)], body: sealChaCha(key, fileKey) };
}

/** @param scalar the 32 bytes of an `AGE-SECRET-KEY-1…` */
export function x25519Identity(scalar: Uint8Array): AgeIdentity {
  const privateKey = x25519PrivateKey(scalar);
  const point = x25519Point(privateKey);
  const unwrapStanza = (stanza: AgeStanza): Uint8Array | null => {
    const share = shareOf(stanza);
    const secret = x25519Shared(privateKey, x25519PublicKey(share));
    if (secret === null) throw malformed();
    const key = hkdfSha256(secret, Buffer.concat([share, point]), INFO);
    return openChaCha(key, stanza.body);
  };
  return {
    kind: 'x25519',
    asks: false,
    point,
    unwrapFileKey: async (header: AgeHeader) => {
      for (const stanza of header.stanzas) {
        const fileKey = stanza.args[0] === 'X25519' ? unwrapStanza(stanza) : null;
        if (fileKey !== null) return fileKey;
      }
      return null;
    },
  };
}

function shareOf(stanza: AgeStanza): Uint8Array {
  const share = stanza.args.length === 2 ? decodeRawBase64(stanza.args[1] ?? '') : null;
  if (share?.length !== POINT_BYTES || stanza.body.length !== SEALED_KEY_BYTES) throw malformed();
  return share;
}

function malformed(): TidelockError {
  return new TidelockError('ERR_KEY_UNWRAP', 'An X25519 stanza of the age file is malformed', {
    hint: 'Restore the sops block from a commit in which the file could still be decrypted.',
  });
}
