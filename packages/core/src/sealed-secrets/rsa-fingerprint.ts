import { createHash, type KeyObject } from 'node:crypto';

/**
 * `SHA256:...` of an RSA key, public or private: what `ssh-keygen -l` says of it, and so the name of
 * a key whether its certificate, its private key or a log of the controller is at hand.
 */
export function rsaFingerprint(key: KeyObject): string {
  const { n = '', e = '' } = key.export({ format: 'jwk' });
  const wire = [Buffer.from('ssh-rsa'), unsigned(e), unsigned(n)].map(field);
  return `SHA256:${createHash('sha256').update(Buffer.concat(wire)).digest('base64').replace(/=+$/, '')}`;
}

/** A number of SSH's wire format: its first bit is the sign. */
function unsigned(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.of(0), bytes]);
}

function field(bytes: Buffer): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(bytes.length);
  return Buffer.concat([size, bytes]);
}
