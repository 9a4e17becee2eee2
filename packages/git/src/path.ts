/**
 * A path as Git stores it: `/` between names, relative to the top of the work tree. Git's names are
 * bytes; this is their lossless text: UTF-8 where it is valid, any other byte as `\xHH`. A name that
 * itself holds the four characters of such an escape has its backslash written as `\x5C`, so two
 * names never share a text.
 */
export type GitPath = string;

export function pathFromBytes(bytes: Uint8Array): GitPath {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const isUtf8 = !text.includes('\ufffd') || Buffer.compare(Buffer.from(text, 'utf8'), bytes) === 0;
  if (isUtf8) return text.includes('\\') ? escapeEscapes(text) : text;
  return decodePieces(bytes);
}

/** The bytes of the name. */
export function pathToBytes(path: GitPath): Uint8Array {
  if (!path.includes('\\x')) return Buffer.from(path, 'utf8');
  const pieces: Buffer[] = [];
  let from = 0;
  for (const match of path.matchAll(ESCAPE)) {
    pieces.push(Buffer.from(path.slice(from, match.index), 'utf8'));
    pieces.push(Buffer.from(match[0].slice(2), 'hex'));
    from = match.index + match[0].length;
  }
  pieces.push(Buffer.from(path.slice(from), 'utf8'));
  return Buffer.concat(pieces);
}

/** Whether the text is the name itself, byte for byte. */
export function isPlainPath(path: GitPath): boolean {
  return !path.includes('\\x') || path.search(ESCAPE) === -1;
}

/** The folder's path, '' for the top. */
export function parentPath(path: GitPath): GitPath {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

const ESCAPE = /\\x[0-9A-F]{2}/g;

function escapeEscapes(text: string): string {
  return text.replace(/\\(?=x[0-9A-F]{2})/g, '\\x5C');
}

function decodePieces(bytes: Uint8Array): string {
  const pieces: string[] = [];
  let valid = 0;
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i);
    if (length > 0) {
      i += length;
      continue;
    }
    pieces.push(escapeEscapes(slice(bytes, valid, i)));
    pieces.push(`\\x${(bytes[i] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`);
    i++;
    valid = i;
  }
  pieces.push(escapeEscapes(slice(bytes, valid, bytes.length)));
  return pieces.join('');
}

function slice(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8');
}

/** Length of the well-formed UTF-8 sequence that starts there, 0 when there is none. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return 1;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return 0;
  const second = bytes[at + 1] ?? 0;
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = at + 2; i < at + length; i++) {
    const next = bytes[i] ?? 0;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return length;
}
