import { escapeTerminal } from './escape.ts';

/**
 * A path as a shell takes it, on one printable line: plain, in quotes, or, where it has bytes that
 * cannot be shown, as `$'...'` with those bytes as `\xHH`.
 */
export function shellWord(path: string): string {
  const safe = path.startsWith('-') ? `./${path}` : path;
  if (/^[\w@%+=:,./-]+$/.test(safe)) return safe;
  if (!BYTE.test(safe) && escapeTerminal(safe) === safe)
    return `'${safe.replaceAll("'", "'\\''")}'`;
  const parts = safe.split(/(\\x[0-9A-F]{2})/).map((part) => {
    if (BYTE.test(part)) return part;
    return Array.from(part, ansiC).join('');
  });
  return `$'${parts.join('')}'`;
}

const BYTE = /\\x[0-9A-F]{2}/;

function ansiC(char: string): string {
  if (char === "'" || char === '\\') return `\\${char}`;
  if (escapeTerminal(char) === char) return char;
  return Array.from(Buffer.from(char, 'utf8'), hexByte).join('');
}

function hexByte(byte: number): string {
  return `\\x${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** A hint with the file it is about in the place of FILE, as a shell takes it. */
export function withPath(hint: string, path: string): string {
  return hint.replace(/\bFILE\b/g, () => shellWord(path));
}
