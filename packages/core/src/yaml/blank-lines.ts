import { isBreak } from './cursor.ts';

/** The offset without the blanks and line breaks before it, which a block scalar may end in. */
export function endOfText(text: string, offset: number): number {
  let end = offset;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  return end;
}

function isBlank(code: number): boolean {
  return code === SPACE || code === TAB || isBreak(code);
}

/** Whether two line breaks stand between the offsets. */
export function hasBlankLine(text: string, from: number, to: number): boolean {
  let breaks = 0;
  for (let at = from; at < to && breaks < 2; at++) {
    const code = text.charCodeAt(at);
    if (isBreak(code) && !(code === LF && text.charCodeAt(at - 1) === CR)) breaks++;
  }
  return breaks > 1;
}

const TAB = 9;
const LF = 10;
const CR = 13;
const SPACE = 32;
