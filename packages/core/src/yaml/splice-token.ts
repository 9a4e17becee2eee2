/**
 * How a token remembers the style of the string it stands for, so that decrypting gives the bytes
 * back. Quotes are kept; text behind a token's `]` is ignored by every reader of sops files
 * (SOPS-FORMAT 1.1), so a number of spaces inside double quotes can say more:
 *
 * - one: the string was plain. Needed where a plain token cannot stand (flow collections), and for
 *   plain text that sops itself would quote (`yes`), as a plain token of sops may have been either.
 * - more: the string was in double quotes with escapes spelled another way than ours; one more than
 *   the number of the spelling in `write-double.ts`.
 */
type Mark = number;

export const WAS_PLAIN: Mark = 1;

/** A token, with its mark if it has one. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** The mark of a token in double quotes; 0: it has none. */
export function markOf(token: string): Mark {
  return token.length - token.trimEnd().length;
}

export function markedToken(token: string, mark: Mark): string {
  return token.trimEnd() + ' '.repeat(mark);
}

export function markOfSpelling(spelling: number): Mark {
  return spelling === 0 ? 0 : spelling + 1;
}

export function spellingOfMark(mark: Mark): number {
  return mark > WAS_PLAIN ? mark - 1 : 0;
}

const TOKEN = /^ENC\[AES256_GCM,[^\n]*\]\s*$/;
