import type { ConfigValue } from './values.ts';
import { quotedAt } from './values.ts';

const OPENING = /"?[ \t]{0,40}=[ \t]{0,40}\[\s{0,40}(?=["'])/y;
const BETWEEN = /\s{0,40},\s{0,40}(?=["'])/y;
const MOST = 50;

/** What is in quotes in a list that a name is given: `tokens = ["…", "…"]`. */
export function quotedElements(text: string, at: number): readonly ConfigValue[] {
  const found: ConfigValue[] = [];
  let next = stepOver(OPENING, text, at);
  while (next !== null && found.length < MOST) {
    const value = quotedAt(text, next);
    if (value === null) break;
    if (value.value !== '') found.push(value);
    next = stepOver(BETWEEN, text, value.span.end + 1);
  }
  return found;
}

function stepOver(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? null : at + match[0].length;
}
