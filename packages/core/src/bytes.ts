/** UTF-8 text of the bytes, or null when they are not valid UTF-8. A byte order mark is kept. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function encodeUtf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/**
 * Bytes of padded standard base64 (RFC 4648 section 4), or null when the text is not that. Unused
 * bits of the last character are ignored, as Go's decoder does; line breaks are skipped.
 */
export function fromBase64(text: string): Uint8Array | null {
  const broken = text.includes('\n') || text.includes('\r');
  const compact = broken ? text.replace(/[\r\n]/g, '') : text;
  if (compact.length % 4 !== 0 || !isStandardAlphabet(compact)) return null;
  const bytes = Buffer.from(compact, 'base64');
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  return bytes.length === (compact.length / 4) * 3 - padding ? bytes : null;
}

/**
 * Node decodes the URL alphabet too, and characters beyond ASCII by their low byte; any other wrong
 * character it leaves out, so that the result is too short. (A regular expression over all of it
 * takes 10 ns a character: over a second for a large binary file.)
 */
function isStandardAlphabet(text: string): boolean {
  return !text.includes('-') && !text.includes('_') && Buffer.byteLength(text) === text.length;
}

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Overwrites key material once it is no longer needed. */
export function zero(bytes: Uint8Array): void {
  bytes.fill(0);
}
