import { keyName } from './mask.ts';
import type { Source } from './source.ts';
import type { TextSpan } from './types.ts';

/**
 * The line of a finding for a person to recognise it by: the key in front of the value, if there is
 * one, and dots for all the rest. Whatever is not plainly a key is dots, since the neighbours of a
 * secret are often secret too.
 */
export function frameOf(source: Source, span: TextSpan): { frame?: string } {
  const lineStart = source.lines.lineSpan(source.lines.lineAt(span.start)).start;
  const from = Math.max(lineStart, span.start - LONGEST - 1);
  const before = (source.text ?? '').slice(from, span.start);
  if (before.length > LONGEST) return { frame: `… ${DOTS}` };
  const key = KEY.exec(before);
  if (key === null) return { frame: before.trim() === '' ? DOTS : `… ${DOTS}` };
  const [, lead = '', name = '', separator = ''] = key;
  return { frame: `${lead.replaceAll('\t', '  ')}${keyName(name)}${separator}${DOTS}` };
}

const DOTS = '••••••••';
const LONGEST = 200;

/** `- "name": `, `export NAME=`, `name => '`. */
const KEY =
  /^(\s*(?:- )?(?:export )?["']?)([A-Za-z_][\w.\-/]*)(["']?\s{0,8}(?::=|=>|[:=])\s{0,8}["']?)$/;
