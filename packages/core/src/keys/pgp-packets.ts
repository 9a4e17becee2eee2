import { fromBase64 } from '../bytes.ts';

/** An OpenPGP packet (RFC 9580 section 4). */
export interface PgpPacket {
  readonly tag: number;
  readonly body: Uint8Array;
}

const BEGIN = /^-----BEGIN PGP ([A-Z ]+)-----[ \t]*$/;

/**
 * The bytes of one armored block, alone in the text but for white space around it; null when it is
 * not that. The checksum line is optional (RFC 9580 section 6.1) and not verified.
 */
export function dearmorPgp(text: string, kind: string): Uint8Array | null {
  const lines = text.trim().split(/\r?\n/);
  if (BEGIN.exec(lines[0] ?? '')?.[1] !== kind) return null;
  if (lines.at(-1)?.trim() !== `-----END PGP ${kind}-----`) return null;
  const blank = lines.findIndex((line) => line.trim() === '');
  if (blank === -1 || lines.slice(1, blank).some((line) => !line.includes(': '))) return null;
  const body = lines.slice(blank + 1, -1).map((line) => line.trim());
  if (/^=[A-Za-z0-9+/]{4}$/.test(body.at(-1) ?? '')) body.pop();
  return fromBase64(body.join(''));
}

/** The packets in order; null when the bytes are not packets from end to end. */
export function readPgpPackets(bytes: Uint8Array): readonly PgpPacket[] | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const packets: PgpPacket[] = [];
  let offset = 0;
  while (offset < buffer.length) {
    const packet = readPacket(buffer, offset);
    if (packet === null) return null;
    packets.push({ tag: packet.tag, body: packet.body });
    offset = packet.end;
  }
  return packets;
}

interface Read extends PgpPacket {
  readonly end: number;
}

interface Length {
  readonly length: number;
  readonly start: number;
  readonly partial: boolean;
}

function readPacket(buffer: Buffer, offset: number): Read | null {
  const first = buffer[offset] ?? 0;
  if ((first & 0x80) === 0) return null;
  if ((first & 0x40) !== 0) return readParts(buffer, offset + 1, first & 0x3f);
  const tag = (first >> 2) & 0x0f;
  const lengthType = first & 3;
  if (lengthType === 3) return { tag, body: buffer.subarray(offset + 1), end: buffer.length };
  const size = 1 << lengthType;
  const start = offset + 1 + size;
  if (start > buffer.length) return null;
  const end = start + buffer.readUIntBE(offset + 1, size);
  return end > buffer.length ? null : { tag, body: buffer.subarray(start, end), end };
}

function readParts(buffer: Buffer, offset: number, tag: number): Read | null {
  const parts: Uint8Array[] = [];
  let at = offset;
  for (;;) {
    const length = readLength(buffer, at);
    if (length === null) return null;
    const end = length.start + length.length;
    if (end > buffer.length) return null;
    parts.push(buffer.subarray(length.start, end));
    if (!length.partial) return { tag, body: joined(parts), end };
    at = end;
  }
}

function readLength(buffer: Buffer, at: number): Length | null {
  const first = buffer[at];
  if (first === undefined) return null;
  if (first < 192) return { length: first, start: at + 1, partial: false };
  if (first >= 224 && first < 255)
    return { length: 2 ** (first & 31), start: at + 1, partial: true };
  const size = first === 255 ? 5 : 2;
  if (at + size > buffer.length) return null;
  const length =
    first === 255
      ? buffer.readUInt32BE(at + 1)
      : ((first - 192) << 8) + (buffer[at + 1] ?? 0) + 192;
  return { length, start: at + size, partial: false };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
}
