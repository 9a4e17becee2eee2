import { createHash } from 'node:crypto';
import { keyName } from './mask.ts';
import type { TextSpan, TreePath } from './types.ts';

/** What identifies a finding, apart from how many equals stand before it. */
export interface Identity {
  readonly ruleId: string;
  readonly path: string;
  /** Where there is no tree: the names on the line, see `lineShape`. */
  readonly place: TreePath | string | null;
}

/**
 * 32 hex digits of rule, path, place and the ordinal among findings that are equal in these. The
 * value takes no part in it: nobody can try guesses against it, and it stays when lines move.
 */
export function fingerprint(identity: Identity, ordinal: number): string {
  const { ruleId, path, place } = identity;
  return createHash('sha256')
    .update(JSON.stringify([ruleId, path, place, ordinal]))
    .digest('hex')
    .slice(0, 32);
}

export function identityKey(identity: Identity): string {
  return JSON.stringify([identity.ruleId, identity.path, identity.place]);
}

/**
 * What tells a line from others without any value: the names in it that a colon or an equals sign
 * follows, and a `*` for each of `spans` (offsets within the line, in order, not overlapping).
 * Whatever else stands there may be a secret that nobody has found.
 */
export function lineShape(line: string, spans: readonly TextSpan[]): string {
  const parts: string[] = [];
  let from = 0;
  for (const span of spans) {
    parts.push(...namesIn(line.slice(from, Math.max(from, span.start))), '*');
    from = Math.max(from, span.end);
  }
  parts.push(...namesIn(line.slice(from)));
  return parts.join(' ').slice(0, 500);
}

function namesIn(text: string): string[] {
  const names = text.matchAll(/(?<![\w.-])([A-Za-z_][\w.-]{0,63})["']?\s{0,8}[:=]/g);
  return [...names].map(([, name = '']) => keyName(name));
}
