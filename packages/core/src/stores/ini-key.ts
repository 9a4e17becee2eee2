import type { Span } from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { lineEndAt, trimSpace } from './ini-space.ts';

export interface IniKey {
  /** `-` stands for the next number, which the reader of the section counts. */
  readonly key: string;
  /** As written, quotes included. */
  readonly span: Span;
  /** Offset behind the `=` or `:`. */
  readonly valueStart: number;
}

/**
 * Reads the key at the first character of a line (SOPS-FORMAT 4.5).
 * @throws TidelockError ERR_PARSE
 */
export function readIniKey(text: string, start: number): IniKey {
  const line = text.slice(start, lineEndAt(text, start));
  const quote = KEY_QUOTES.find((mark) => line.startsWith(mark)) ?? '';
  const close = quote === '' ? 0 : line.indexOf(quote, quote.length);
  if (close === -1) throw failure(text, start, 'A quoted key does not close.');
  const delimiter = delimiterFrom(line, close + quote.length);
  if (delimiter === -1) throw failure(text, start, 'A line has neither "=" nor ":".');
  const raw = quote === '' ? line.slice(0, delimiter) : line.slice(quote.length, close);
  const key = trimSpace(raw);
  if (key === '') throw failure(text, start, 'A key is empty.');
  const end = start + (quote === '' ? trimSpace(raw).length : close + quote.length);
  return { key, span: { start, end }, valueStart: start + delimiter + 1 };
}

function delimiterFrom(line: string, from: number): number {
  for (let at = from; at < line.length; at++) {
    const char = line.charAt(at);
    if (char === '=' || char === ':') return at;
  }
  return -1;
}

const KEY_QUOTES = ['"""', '"', '`'];

function failure(text: string, offset: number, message: string): TidelockError {
  return new TidelockError('ERR_PARSE', message, {
    position: positionAt(text, offset),
    hint: 'Correct this line: every line is "key = value", "[section]", a comment or empty.',
  });
}
