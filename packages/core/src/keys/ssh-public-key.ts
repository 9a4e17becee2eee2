import { createHash } from 'node:crypto';
import { fromBase64 } from '../bytes.ts';

export type SshPublicKey =
  | { readonly type: 'ssh-ed25519'; readonly wire: Uint8Array; readonly point: Uint8Array }
  | {
      readonly type: 'ssh-rsa';
      readonly wire: Uint8Array;
      readonly exponent: Uint8Array;
      readonly modulus: Uint8Array;
    };

/** Cuts the length-prefixed fields of the SSH wire format one after the other. */
export class SshReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get done(): boolean {
    return this.#offset === this.#bytes.length;
  }

  /** The next four bytes as a number; null past the end. */
  uint32(): number | null {
    const bytes = this.raw(4);
    return bytes === null ? null : Buffer.from(bytes).readUInt32BE(0);
  }

  /** The next `length` bytes; null past the end. */
  raw(length: number): Uint8Array | null {
    if (length > this.#bytes.length - this.#offset) return null;
    this.#offset += length;
    return this.#bytes.subarray(this.#offset - length, this.#offset);
  }

  /** The next string field; null past the end. */
  field(): Uint8Array | null {
    const length = this.uint32();
    return length === null ? null : this.raw(length);
  }

  text(): string | null {
    const bytes = this.field();
    return bytes === null ? null : Buffer.from(bytes).toString('latin1');
  }
}

/** Reads `ssh-ed25519 AAAA… comment` or `ssh-rsa AAAA… comment`; null for anything else. */
export function parseSshPublicKey(line: string): SshPublicKey | null {
  const match = /^[ \t]*(ssh-ed25519|ssh-rsa)[ \t]+([A-Za-z0-9+/]+={0,2})(?:[ \t]|$)/.exec(line);
  if (match === null || /[\r\n]/.test(line.trim())) return null;
  const wire = fromBase64(match[2] ?? '');
  const key = wire === null ? null : parseSshWireKey(wire);
  return key?.type === match[1] ? key : null;
}

/** The same from the bytes that the base64 text holds. */
export function parseSshWireKey(wire: Uint8Array): SshPublicKey | null {
  const reader = new SshReader(wire);
  const type = reader.text();
  if (type === 'ssh-ed25519') {
    const point = reader.field();
    return point?.length === 32 && reader.done ? { type, wire, point } : null;
  }
  if (type !== 'ssh-rsa') return null;
  const exponent = reader.field();
  const modulus = reader.field();
  if (exponent === null || modulus === null || !reader.done) return null;
  return { type, wire, exponent: positive(exponent), modulus: positive(modulus) };
}

/** The tag by which an age stanza names an ssh key: base64 of four bytes of its SHA-256. */
export function sshTag(key: SshPublicKey): string {
  const digest = createHash('sha256').update(key.wire).digest();
  return digest.subarray(0, 4).toString('base64').replace(/=+$/, '');
}

function positive(integer: Uint8Array): Uint8Array {
  return integer[0] === 0 ? integer.subarray(1) : integer;
}
