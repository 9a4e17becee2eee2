import { TidelockError } from '../errors.ts';

/** One recipient stanza of an age header. `args[0]` is its type. */
export interface AgeStanza {
  readonly args: readonly string[];
  readonly body: Uint8Array;
}

export interface AgeHeader {
  readonly stanzas: readonly AgeStanza[];
  /** The whole header as it stood, the line of the MAC included. */
  readonly bytes: Uint8Array;
  /** What the MAC covers: all up to and with `---`. */
  readonly authenticated: Uint8Array;
  readonly mac: Uint8Array;
}

export interface AgeFile {
  readonly header: AgeHeader;
  readonly payload: Uint8Array;
}

const VERSION_LINE = 'age-encryption.org/v1';
const MAC_BYTES = 32;
const COLUMNS = 64;

/**
 * Splits an age v1 file (binary, without armor) into header and payload.
 * @throws TidelockError ERR_KEY_UNWRAP
 */
export function parseAgeFile(bytes: Uint8Array): AgeFile {
  const lines = new HeaderLines(bytes);
  if (lines.next() !== VERSION_LINE) throw malformed('it does not start as an age v1 file');
  const stanzas: AgeStanza[] = [];
  for (;;) {
    const start = lines.offset;
    const line = lines.next();
    if (line.startsWith('-> ')) {
      stanzas.push({ args: stanzaArguments(line.slice(3)), body: stanzaBody(lines) });
    } else {
      const mac = line.startsWith('--- ') ? decodeRawBase64(line.slice(4)) : null;
      if (mac?.length !== MAC_BYTES) throw malformed('its header ends without a MAC');
      if (stanzas.length === 0) throw malformed('it has no recipient');
      const header = {
        stanzas,
        mac,
        bytes: bytes.subarray(0, lines.offset),
        authenticated: bytes.subarray(0, start + 3),
      };
      return { header, payload: bytes.subarray(lines.offset) };
    }
  }
}

/** The header text up to and with `---`, which the MAC covers. */
export function formatStanzas(stanzas: readonly AgeStanza[]): string {
  return `${VERSION_LINE}\n${stanzas.map(formatStanza).join('')}---`;
}

/** One stanza as a header and the plugin protocol write it. */
export function formatStanza(stanza: AgeStanza): string {
  const body = encodeRawBase64(stanza.body);
  const lines = [`-> ${stanza.args.join(' ')}`];
  for (let i = 0; i <= body.length; i += COLUMNS) lines.push(body.slice(i, i + COLUMNS));
  return `${lines.join('\n')}\n`;
}

/** @throws TidelockError ERR_KEY_UNWRAP when they are not visible ASCII separated by single spaces */
export function stanzaArguments(text: string): readonly string[] {
  const args = text.split(' ');
  if (args.some((arg) => !/^[!-~]+$/.test(arg))) throw malformed('a stanza line is malformed');
  return args;
}

/** Unpadded standard base64, as age writes it. */
export function encodeRawBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '');
}

/** Bytes of canonical unpadded base64, or null. */
export function decodeRawBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return encodeRawBase64(bytes) === text ? bytes : null;
}

function stanzaBody(lines: HeaderLines): Uint8Array {
  const parts: Uint8Array[] = [];
  for (;;) {
    const line = lines.next();
    const bytes = line.length <= COLUMNS ? decodeRawBase64(line) : null;
    if (bytes === null) throw malformed('a stanza body is malformed');
    parts.push(bytes);
    if (line.length < COLUMNS) return Buffer.concat(parts);
  }
}

class HeaderLines {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  next(): string {
    const end = this.#bytes.indexOf(0x0a, this.offset);
    if (end === -1) throw malformed('its header is cut off');
    const line = this.#bytes.toString('latin1', this.offset, end);
    this.offset = end + 1;
    return line;
  }
}

function malformed(why: string): TidelockError {
  return new TidelockError('ERR_KEY_UNWRAP', `The wrapped key is no age file: ${why}`, {
    hint: 'Restore the sops block from a commit in which the file could still be decrypted.',
  });
}
