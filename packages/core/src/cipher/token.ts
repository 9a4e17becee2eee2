import { fromBase64, toBase64 } from '../bytes.ts';

const PREFIX = 'ENC[AES256_GCM,data:';

/** A value token taken apart (SOPS-FORMAT 1.1); the fields are still base64 text. */
export interface TokenText {
  readonly data: string;
  readonly iv: string;
  readonly tag: string;
  readonly type: string;
}

/** A value token's bytes. `tag` need not have 16 bytes: only data followed by tag counts. */
export interface Token {
  readonly data: Uint8Array;
  readonly iv: Uint8Array;
  readonly tag: Uint8Array;
  readonly type: string;
}

/**
 * Splits a token as sops' own pattern does: greedy fields, none empty, within the first line, and
 * whatever follows the last `]` is ignored. Linear in the text. Null when it is no token.
 */
export function splitToken(text: string): TokenText | null {
  if (!text.startsWith(PREFIX)) return null;
  const newline = text.indexOf('\n');
  const close = text.lastIndexOf(']', newline === -1 ? text.length : newline);
  const type = lastBefore(text, ',type:', close);
  const tag = lastBefore(text, ',tag:', type);
  const iv = lastBefore(text, ',iv:', tag);
  if (iv <= PREFIX.length) return null;
  return {
    data: text.slice(PREFIX.length, iv),
    iv: text.slice(iv + 4, tag),
    tag: text.slice(tag + 5, type),
    type: text.slice(type + 6, close),
  };
}

/** The last place of `mark` that leaves at least one character between it and `end`, or -1. */
function lastBefore(text: string, mark: string, end: number): number {
  const from = end - mark.length - 1;
  return from < 0 ? -1 : text.lastIndexOf(mark, from);
}

/** The token's bytes, or null when it is no token or a field is not base64. */
export function parseToken(text: string): Token | null {
  const split = splitToken(text);
  if (split === null) return null;
  const data = fromBase64(split.data);
  const iv = fromBase64(split.iv);
  const tag = fromBase64(split.tag);
  if (data === null || iv === null || tag === null) return null;
  return { data, iv, tag, type: split.type };
}

export function formatToken(token: Token): string {
  return `${PREFIX}${toBase64(token.data)},iv:${toBase64(token.iv)},tag:${toBase64(token.tag)},type:${token.type}]`;
}

/** Whether the text has the shape of a token; says nothing about whether it opens. */
export function isToken(text: string): boolean {
  return splitToken(text) !== null;
}

/** `type` of a text that has the shape of a token, or null. */
export function tokenType(text: string): string | null {
  return splitToken(text)?.type ?? null;
}
