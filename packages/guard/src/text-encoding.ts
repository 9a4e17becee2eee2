export interface DecodedText {
  readonly text: string | null;
  readonly encoding: 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252' | 'undecodable' | 'binary';
  readonly markLength: 0 | 1;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes looked at to tell text from binary. */
const HEAD = 8192;

/**
 * Text of a file: UTF-8, UTF-16 with a byte order mark or with the zero bytes that Latin text has in
 * it, and, where there is no zero byte, one byte a character. Anything else is binary.
 */
export function decodeText(bytes: Uint8Array): DecodedText {
  const mark = byteOrderMark(bytes);
  if (mark === 'utf-16le' || mark === 'utf-16be') return decodeUtf16(bytes.subarray(2), mark, 1);
  if (mark === 'utf-8') return decodeUtf8(bytes.subarray(3), 1);
  const zero = bytes.indexOf(0);
  if (zero === -1) return decodeUtf8(bytes, 0);
  const guess = guessUtf16(bytes);
  return guess === null
    ? { text: null, encoding: 'binary', markLength: 0 }
    : decodeUtf16(bytes, guess, 0);
}

function byteOrderMark(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

function decodeUtf8(bytes: Uint8Array, markLength: 0 | 1): DecodedText {
  try {
    return { text: strictUtf8.decode(bytes), encoding: 'utf-8', markLength };
  } catch {
    const text = oneByteText(bytes);
    return { text, encoding: text === null ? 'undecodable' : 'windows-1252', markLength };
  }
}

function oneByteText(bytes: Uint8Array): string | null {
  if (controlShare(bytes) > 0.1) return null;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

function controlShare(bytes: Uint8Array): number {
  const head = bytes.subarray(0, HEAD);
  let controls = 0;
  for (const byte of head) {
    if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27)) controls++;
  }
  return controls / Math.max(1, head.length);
}

function decodeUtf16(
  bytes: Uint8Array,
  encoding: 'utf-16le' | 'utf-16be',
  markLength: 0 | 1,
): DecodedText {
  const even = bytes.subarray(0, bytes.length - (bytes.length % 2));
  const little = Buffer.from(even);
  if (encoding === 'utf-16be') little.swap16();
  return { text: little.toString('utf16le'), encoding, markLength };
}

/** Latin text in UTF-16 has a zero in every second byte and none in the others. */
function guessUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const head = bytes.subarray(0, HEAD - (HEAD % 2));
  if (head.length < 4) return null;
  const zeros = [0, 0];
  for (let i = 0; i < head.length; i++) {
    if (head[i] === 0) zeros[i % 2] = (zeros[i % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  const half = head.length / 2;
  if (odd > half * 0.7 && even === 0) return 'utf-16le';
  if (even > half * 0.7 && odd === 0) return 'utf-16be';
  return null;
}
