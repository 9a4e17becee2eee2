import type { TextSpan } from '../types.ts';

const WINDOW = 400;

/**
 * The name of the map that an entry stands in, as far as the lines in front of it show, or null:
 * `Jwt` of `"Jwt": {"Key": …}`, and in YAML that of the nearest line with less indentation.
 */
export function parentName(text: string, name: TextSpan): string | null {
  const before = text.slice(Math.max(0, name.start - WINDOW), name.start);
  const open = before.lastIndexOf('{');
  return open > before.lastIndexOf('}') ? opener(before.slice(0, open)) : outdented(before);
}

function opener(before: string): string | null {
  const end = /["']?[ \t]{0,8}[:=]?\s{0,40}$/.exec(before.slice(-60));
  const name = /[\w.-]+$/.exec(before.slice(0, before.length - (end?.[0].length ?? 0)).slice(-100));
  return name?.[0] ?? null;
}

const ENTRY = /^([ \t]*)(?:- )?["']?([\w.-]{1,100})["']?[ \t]*:[ \t]*(?:#.*)?$/;

function outdented(before: string): string | null {
  const lines = before.split('\n');
  const indent = /^[ \t]*/.exec(lines.pop() ?? '')?.[0].length ?? 0;
  for (const line of lines.reverse()) {
    if (line.trim() === '' || /^[ \t]*#/.test(line)) continue;
    if ((/^[ \t]*/.exec(line)?.[0].length ?? 0) >= indent) continue;
    return ENTRY.exec(line.trimEnd())?.[2] ?? null;
  }
  return null;
}
