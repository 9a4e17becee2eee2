import { fromBase64 } from '../bytes.ts';

const BEGIN = '-----BEGIN AGE ENCRYPTED FILE-----';
const END = '-----END AGE ENCRYPTED FILE-----';
const COLUMNS = 64;

/** Armored text as sops stores it: lines of 64 columns, a newline at the end (SOPS-FORMAT 6.1). */
export function armorAge(bytes: Uint8Array): string {
  const base64 = Buffer.from(bytes).toString('base64');
  const lines = [BEGIN];
  for (let i = 0; i < base64.length; i += COLUMNS) lines.push(base64.slice(i, i + COLUMNS));
  return `${lines.join('\n')}\n${END}\n`;
}

/**
 * The bytes of one armored age file, alone in the text but for white space around it; null when it is
 * not that.
 */
export function dearmorAge(text: string): Uint8Array | null {
  const lines = text.trim().split(/\r?\n/);
  if (lines.length < 3 || lines[0] !== BEGIN || lines.at(-1) !== END) return null;
  const body = lines.slice(1, -1);
  const last = body.at(-1);
  if (last === undefined || last === '' || last.length > COLUMNS) return null;
  if (body.some((line, index) => line.length !== COLUMNS && index !== body.length - 1)) return null;
  const base64 = body.join('');
  const bytes = fromBase64(base64);
  if (bytes === null || Buffer.from(bytes).toString('base64') !== base64) return null;
  return bytes;
}

/** Whether the text is an age file and not something in the clear (SOPS-FORMAT 6.3). */
export function isAgeFile(bytes: Uint8Array): boolean {
  const start = Buffer.from(bytes.subarray(0, 64)).toString('latin1').trimStart();
  return start.startsWith('age-encryption') || start.startsWith('-----BEGIN AGE');
}
