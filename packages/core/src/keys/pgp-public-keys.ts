import { createHash } from 'node:crypto';
import { dearmorPgp, type PgpPacket, readPgpPackets } from './pgp-packets.ts';

/** A public key as a keyring or an export shows it. Its signatures were not verified. */
export interface PgpPublicKey {
  /** Upper-case hexadecimal, of the primary key. */
  readonly fingerprint: string;
  /** 16 upper-case hexadecimal digits each: the primary key's and every subkey's. */
  readonly keyIds: readonly string[];
}

const SECRET_KEY = 5;
const PUBLIC_KEY = 6;
const SECRET_SUBKEY = 7;
const PUBLIC_SUBKEY = 14;

/**
 * The keys of a binary keyring or an armored public key block; null when it is neither. Version 4
 * keys only; others are left out. For a secret keyring the fingerprints cannot be told: use the
 * public one.
 */
export function readPgpPublicKeys(content: Uint8Array | string): readonly PgpPublicKey[] | null {
  const bytes = typeof content === 'string' ? dearmorPgp(content, 'PUBLIC KEY BLOCK') : content;
  const packets = bytes === null ? null : readPgpPackets(bytes);
  if (packets === null) return null;
  const keys: { fingerprint: string; keyIds: string[] }[] = [];
  let current: { fingerprint: string; keyIds: string[] } | null = null;
  for (const packet of packets) {
    if (packet.tag === SECRET_KEY || packet.tag === SECRET_SUBKEY) return null;
    if (packet.tag !== PUBLIC_KEY && packet.tag !== PUBLIC_SUBKEY) continue;
    const fingerprint = fingerprintOf(packet);
    if (packet.tag === PUBLIC_KEY) {
      current = fingerprint === null ? null : { fingerprint, keyIds: [] };
      if (current !== null) keys.push(current);
    }
    if (fingerprint !== null) current?.keyIds.push(fingerprint.slice(-16));
  }
  return keys;
}

/** RFC 9580 section 5.5.4.2: SHA-1 over a prefix and the body. */
function fingerprintOf({ body }: PgpPacket): string | null {
  if (body[0] !== 4 || body.length > 0xffff) return null;
  const prefix = Uint8Array.of(0x99, body.length >> 8, body.length & 255);
  return createHash('sha1').update(prefix).update(body).digest('hex').toUpperCase();
}
