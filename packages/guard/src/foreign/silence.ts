import type { Source } from '../source.ts';
import { FOREIGN_RULES } from '../suppress/comments.ts';
import type { Finding } from '../types.ts';
import { isAllowed } from './gitleaks-allow.ts';
import type { GitleaksConfig } from './gitleaks-config.ts';
import { type IgnoredFinding, isGitleaksIgnored } from './gitleaks-ignore.ts';
import { namesOf } from './gitleaks-names.ts';
import { OWN_RULE } from './gitleaks-rules.ts';
import { isInSecretsBaseline, type SecretsBaseline } from './secrets-baseline.ts';

/** What files of other scanners say about findings. */
export interface ForeignFiles {
  readonly configs: readonly Pick<GitleaksConfig, 'allowlists' | 'disabledRules'>[];
  readonly ignored: readonly IgnoredFinding[];
  readonly baseline: SecretsBaseline;
}

export interface FoundIn {
  readonly finding: Finding;
  readonly value: string | undefined;
  readonly source: Source;
  readonly commit: string | null;
}

/**
 * Whether another scanner's file silences the finding. Only what such scanners look for can be
 * silenced: tokens, values under names of secrets, and what the repository's own rules find.
 */
export function isSilenced(files: ForeignFiles, found: FoundIn): boolean {
  const { finding, value, source, commit } = found;
  const { ruleId, path, kind, range } = finding;
  if (ruleId !== OWN_RULE && !FOREIGN_RULES.includes(ruleId)) return false;
  if (isInSecretsBaseline(files.baseline, path, value)) return true;
  if (isGitleaksIgnored(files.ignored, finding, commit)) return true;
  const ids = namesOf(ruleId, kind);
  if (files.configs.some(({ disabledRules }) => disabledRules.some((id) => ids.includes(id)))) {
    return true;
  }
  const line = range === null ? '' : source.lines.line(range.startLine - 1);
  const isOneLine = range !== null && range.endLine === range.startLine;
  const match = isOneLine ? line.slice(0, range.endColumn - 1).trimStart() : line;
  const target = { path, line, match, secret: value, commit, ids };
  return files.configs.some(({ allowlists }) => allowlists.some((list) => isAllowed(list, target)));
}
