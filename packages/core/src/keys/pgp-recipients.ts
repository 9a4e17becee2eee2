import { dearmorPgp, type PgpPacket, readPgpPackets } from './pgp-packets.ts';

/** To whom a PGP message is addressed, as far as it shows. */
export interface PgpRecipients {
  /** 16 hexadecimal digits, upper case, for each session key; `0000000000000000` hides its reader. */
  readonly keyIds: readonly string[];
  /** Session keys that a passphrase opens. */
  readonly passphrases: number;
}

const PUBLIC_KEY_SESSION = 1;
const PASSPHRASE_SESSION = 3;
const MARKER = 10;
const PADDING = 21;
const ENCRYPTED: ReadonlySet<number> = new Set([9, 18, 20]);

/**
 * Reads the session key packets of an armored message (RFC 9580 section 5.1). null when the text is
 * not exactly one encrypted message: session keys, then one encrypted packet, nothing else.
 */
export function readPgpRecipients(armored: string): PgpRecipients | null {
  const bytes = dearmorPgp(armored, 'MESSAGE');
  const all = bytes === null ? null : readPgpPackets(bytes);
  if (all === null) return null;
  const packets = all.filter(({ tag }) => tag !== MARKER && tag !== PADDING);
  const last = packets.at(-1);
  if (last === undefined || !ENCRYPTED.has(last.tag)) return null;
  const keyIds: string[] = [];
  let passphrases = 0;
  for (const packet of packets.slice(0, -1)) {
    if (packet.tag === PASSPHRASE_SESSION) passphrases += 1;
    else if (packet.tag === PUBLIC_KEY_SESSION) keyIds.push(keyIdOf(packet) ?? HIDDEN_KEY_ID);
    else return null;
  }
  return { keyIds, passphrases };
}

/** The key id that names nobody. */
export const HIDDEN_KEY_ID = '0000000000000000';

function keyIdOf({ body }: PgpPacket): string | null {
  if (body[0] === 3 && body.length > 9) return hex(body.subarray(1, 9));
  const length = body[1] ?? 0;
  if (body[0] !== 6 || length < 2 || body.length < 2 + length) return null;
  const fingerprint = body.subarray(3, 2 + length);
  return body[2] === 4 ? hex(fingerprint.subarray(-8)) : hex(fingerprint.subarray(0, 8));
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex').toUpperCase();
}
