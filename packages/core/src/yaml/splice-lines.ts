import { isBreak } from './cursor.ts';

const SPACE = 32;
const TAB = 9;
const CR = 13;
const LF = 10;
const BYTE_ORDER_MARK = 0xfeff;

/** Offset of the first character of the line, behind a byte order mark. */
export function lineStart(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && !isBreak(text.charCodeAt(at - 1))) at--;
  return at === 0 && text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : at;
}

/** Offset of the line break that ends the line, or the end of the text. */
export function lineEnd(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && !isBreak(text.charCodeAt(at))) at++;
  return at;
}

/** Offset behind the line break that ends the line. */
export function nextLine(text: string, offset: number): number {
  const end = lineEnd(text, offset);
  if (end === text.length) return end;
  return text.charCodeAt(end) === CR && text.charCodeAt(end + 1) === LF ? end + 2 : end + 1;
}

/** Where the line after a node begins; a node that ends with its line break has it behind it. */
export function lineAfter(text: string, end: number): number {
  return end > 0 && isBreak(text.charCodeAt(end - 1)) ? end : nextLine(text, end);
}

/** Only blanks stand before the offset on its line. */
export function beginsLine(text: string, offset: number): boolean {
  return isBlankBetween(text, lineStart(text, offset), offset);
}

/** Only blanks stand behind the offset on its line. */
export function endsLine(text: string, offset: number): boolean {
  return isBlankBetween(text, offset, lineEnd(text, offset));
}

function isBlankBetween(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code !== SPACE && code !== TAB) return false;
  }
  return true;
}

export function hasBreakBetween(text: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (isBreak(text.charCodeAt(at))) return true;
  return false;
}

/** Start of the blanks that end at the offset. */
export function blanksBefore(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && isBlankBetween(text, at - 1, at)) at--;
  return at;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Start of the first line that is not blank, from the start of a line on. */
export function behindBlankLines(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && endsLine(text, at)) at = nextLine(text, at);
  return at;
}
