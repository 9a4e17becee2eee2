import type { TextSpan } from '../types.ts';

const WINDOW = 400;

/**
 * The name of the map that an entry stands in, as far as the lines in front of it show, or null:
 * `Jwt` of `"Jwt": {"Key": …}`, and in YAML that of the nearest line with less indentation.
 */
export function parentName(text: string, name: TextSpan): string | null {
  const before = text.slice(Math.max(0, name.start - WINDOW), name.start);
  const braced = /["']?([\w.-]{1,100})["']?[ \t]{0,8}[:=]?[ \t\r\n]{0,40}\{[^{}]*$/.exec(before);
  return braced?.[1] ?? outdented(before);
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
