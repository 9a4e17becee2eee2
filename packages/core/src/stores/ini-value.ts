import type { Span } from '../document/document.ts';
import { positionAt } from '../document/position.ts';
import { TidelockError } from '../errors.ts';
import { lineEndAt, skipSpace, trimmedEnd } from './ini-space.ts';

export type IniStyle =
  | 'plain'
  | 'double'
  | 'single'
  | 'backtick'
  | 'triple'
  /** several lines, joined where they end with a backslash */
  | 'continued';

export interface IniValue {
  readonly value: string;
  readonly style: IniStyle;
  /** Quotes included; empty where the value would stand. */
  readonly span: Span;
  /** The comment behind it from its `#` or `;`, trailing white space excluded; null without one. */
  readonly comment: Span | null;
  /** Where its last line ends, line break excluded. */
  readonly lineEnd: number;
}

/**
 * Reads the value that begins behind a key's delimiter (SOPS-FORMAT 4.5). A raw quote closes at its
 * last appearance on the line; unless quoted with one, a value ends at its first `#` or `;`.
 * @throws TidelockError ERR_PARSE for a quote that does not close and for text behind a closing one,
 * which sops would lose without a word
 */
export function readIniValue(text: string, from: number): IniValue {
  const lineEnd = lineEndAt(text, from);
  const start = skipSpace(text, from, lineEnd);
  if (start === lineEnd) return emptyValue(text, from, lineEnd);
  if (text.startsWith('"""', start)) return rawValue(text, start, '"""');
  if (text.startsWith('`', start)) return rawValue(text, start, '`');
  const end = trimmedEnd(text, start, lineEnd);
  if (text.charAt(end - 1) === '\\') return continuedValue(text, start, end);
  return plainValue(text, { start, end }, lineEnd);
}

/** How a value is written in a style; `plain` for `continued`, whose line ends are not kept. */
export function styledIni(value: string, style: IniStyle): string {
  const quote = QUOTES.get(style) ?? '';
  return quote + value + quote;
}

const QUOTES: ReadonlyMap<IniStyle, string> = new Map<IniStyle, string>([
  ['double', '"'],
  ['single', "'"],
  ['backtick', '`'],
  ['triple', '"""'],
]);

function emptyValue(text: string, from: number, lineEnd: number): IniValue {
  let at = from;
  while (at < lineEnd && (text.charAt(at) === ' ' || text.charAt(at) === '\t')) at++;
  return { value: '', style: 'plain', span: { start: at, end: at }, comment: null, lineEnd };
}

function rawValue(text: string, start: number, quote: string): IniValue {
  const contentStart = start + quote.length;
  let lineStart = contentStart;
  let lineEnd = lineEndAt(text, lineStart);
  let close = text.slice(lineStart, lineEnd).lastIndexOf(quote);
  while (close === -1) {
    if (lineEnd >= text.length) throw failure(text, start, 'A quoted value does not close.');
    lineStart = lineEnd + 1;
    lineEnd = lineEndAt(text, lineStart);
    close = text.slice(lineStart, lineEnd).lastIndexOf(quote);
  }
  const end = lineStart + close + quote.length;
  return {
    value: text.slice(contentStart, lineStart + close),
    style: quote === '`' ? 'backtick' : 'triple',
    span: { start, end },
    comment: commentBehind(text, end, lineEnd),
    lineEnd,
  };
}

/** What follows a closing quote or bracket: a comment or nothing. */
export function commentBehind(text: string, from: number, lineEnd: number): Span | null {
  const start = skipSpace(text, from, lineEnd);
  if (start === lineEnd) return null;
  if (isCommentMark(text.charAt(start))) return { start, end: trimmedEnd(text, start, lineEnd) };
  throw failure(text, start, 'Text stands behind a closing quote or bracket: sops would lose it.');
}

export function isCommentMark(char: string): boolean {
  return char === '#' || char === ';';
}

function continuedValue(text: string, start: number, firstEnd: number): IniValue {
  const parts = [text.slice(start, firstEnd - 1)];
  let end = firstEnd;
  let lineEnd = lineEndAt(text, firstEnd);
  for (let more = true; more && lineEnd < text.length; ) {
    const lineStart = lineEnd + 1;
    lineEnd = lineEndAt(text, lineStart);
    const from = skipSpace(text, lineStart, lineEnd);
    const to = trimmedEnd(text, from, lineEnd);
    more = text.charAt(to - 1) === '\\' && to > from;
    parts.push(text.slice(from, more ? to - 1 : to));
    if (to > from) end = to;
  }
  return {
    value: parts.join(''),
    style: 'continued',
    span: { start, end },
    comment: null,
    lineEnd,
  };
}

function plainValue(text: string, { start, end }: Span, lineEnd: number): IniValue {
  let mark = start;
  while (mark < end && !isCommentMark(text.charAt(mark))) mark++;
  const comment = mark < end ? { start: mark, end } : null;
  const span = { start, end: trimmedEnd(text, start, mark) };
  const content = text.slice(span.start, span.end);
  const quote = content.charAt(0);
  if (
    (quote === '"' || quote === "'") &&
    content.indexOf(quote, 1) === content.length - 1 &&
    content.length > 1
  ) {
    const style = quote === '"' ? 'double' : 'single';
    return { value: content.slice(1, -1), style, span, comment, lineEnd };
  }
  return { value: content, style: 'plain', span, comment, lineEnd };
}

function failure(text: string, offset: number, message: string): TidelockError {
  return new TidelockError('ERR_PARSE', message, {
    position: positionAt(text, offset),
    hint: 'Correct this line, or encrypt the file whole with --input-type binary.',
  });
}
