import { mentionsSecret } from '../key-names.ts';
import type { TextSpan } from '../types.ts';
import { type ConfigValue, captured, quotedAt } from './values.ts';

const OPENING = /["']?[ \t]{0,40}[:=]\s{0,40}[[{]\s{0,40}/y;
const NAMED = /(?:["']?([\w.-]{1,100})["']?[ \t]{0,40}[:=][ \t]{0,40})?(?=["'])/y;
const BETWEEN = /[ \t]{0,40}[,\n]\s{0,40}/y;
const MOST = 50;

/**
 * What is in quotes in a list or map that a name is given: `tokens = ["…"]`, `keys: {"a": "…"}`. What
 * has a name of secrets itself is left out: it is met by that.
 */
export function quotedElements(text: string, name: TextSpan): readonly ConfigValue[] {
  const found: ConfigValue[] = [];
  let next = stepOver(OPENING, text, name.end);
  while (next !== null && found.length < MOST) {
    NAMED.lastIndex = next;
    const named = NAMED.exec(text);
    const value = named === null ? null : quotedAt(text, next + named[0].length);
    if (value === null) break;
    if (value.value !== '' && !mentionsSecret(named?.[1] ?? '')) found.push(value);
    next = stepOver(BETWEEN, text, value.span.end + 1);
  }
  return found;
}

function stepOver(pattern: RegExp, text: string, at: number): number | null {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? null : at + match[0].length;
}

const BELOW = /["']?:[ \t]{0,40}\r?\n/y;
const ELEMENT =
  /([ \t]{1,200})(?:- |["']?([\w.-]{1,100})["']?:[ \t]{1,40})["']?([^\s"'{}[\]&*!|>][^\s"']{0,1000})["']?[ \t]*\r?(?:\n|$)/y;

/** The same in the lines below a name, in YAML: as long as they are one list or map of plain values. */
export function elementsBelow(text: string, name: TextSpan): readonly ConfigValue[] {
  const found: ConfigValue[] = [];
  let next = stepOver(BELOW, text, name.end);
  let indent: number | null = null;
  while (next !== null && found.length < MOST) {
    ELEMENT.lastIndex = next;
    const line = ELEMENT.exec(text);
    const depth = line?.[1]?.length ?? -1;
    if (line === null || depth !== (indent ?? depth)) break;
    const value = captured(text, next, PLAIN);
    if (value !== null && !mentionsSecret(line[2] ?? '')) found.push(value);
    indent = depth;
    next += line[0].length;
  }
  return found;
}

const PLAIN = /[ \t]{1,200}(?:- |["']?[\w.-]{1,100}["']?:[ \t]{1,40})["']?([^\s"']{1,1001})/y;
