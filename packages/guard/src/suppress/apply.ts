import type { Source } from '../source.ts';
import type { Finding } from '../types.ts';
import { FOREIGN_RULES, type Suppression, suppressionsOf } from './comments.ts';

export interface Suppressed {
  readonly kept: readonly Finding[];
  readonly suppressed: readonly SuppressedFinding[];
}

export interface SuppressedFinding {
  readonly finding: Finding;
  readonly by: Suppression;
}

/** Takes away the findings that a comment in their own file silences. */
export function applyComments(
  findings: readonly Finding[],
  sources: readonly Source[],
): Suppressed {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const kept: Finding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const finding of findings) {
    const source = byPath.get(finding.path);
    const by = source === undefined ? undefined : silencer(finding, suppressionsOf(source));
    if (by === undefined) kept.push(finding);
    else suppressed.push({ finding, by });
  }
  return { kept, suppressed };
}

function silencer(finding: Finding, comments: readonly Suppression[]): Suppression | undefined {
  const { range, ruleId } = finding;
  if (range === null) return comments.find(({ rule, line }) => rule === ruleId && line < 20);
  const line = range.startLine - 1;
  return comments.find(({ fromLine, toLine, rule, foreign }) => {
    const near = line >= fromLine && line <= toLine;
    return near && (foreign ? FOREIGN_RULES.includes(ruleId) : rule === ruleId);
  });
}
