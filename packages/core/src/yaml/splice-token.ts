/**
 * How a token remembers the style of the string it stands for, so that decrypting gives the bytes
 * back. Quotes are kept; text behind a token's `]` is ignored by every reader of sops files
 * (SOPS-FORMAT 1.1), so `"ENC[...] "`, with one space inside the quotes, says: was plain.
 * It is needed where a plain token cannot stand (flow collections), and for plain text that sops
 * itself would quote (`yes`), as a plain token of sops may have been either.
 */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** A token in double quotes that stands for a plain string. */
export function isPlainToken(text: string): boolean {
  return PLAIN_TOKEN.test(text);
}

export function plainToken(token: string): string {
  return `${token} `;
}

const TOKEN = /^ENC\[AES256_GCM,[^\n]*\]\s*$/;
const PLAIN_TOKEN = /^ENC\[AES256_GCM,[^\n]*\] $/;
