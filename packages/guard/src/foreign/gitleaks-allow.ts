import type { GitleaksAllowlist } from './gitleaks-config.ts';

/** A finding as an allowlist of gitleaks sees it. */
export interface AllowTarget {
  readonly path: string;
  /** The whole line. */
  readonly line: string;
  /** The line up to the end of the secret. */
  readonly match: string;
  /** undefined where the finding is about no value. */
  readonly secret: string | undefined;
  readonly commit: string | null;
  /** Names of the rule that found it. */
  readonly ids: readonly string[];
}

/** Whether the allowlist takes the finding away: by one of its parts, or with AND by all it has. */
export function isAllowed(list: GitleaksAllowlist, target: AllowTarget): boolean {
  if (list.targetRules !== null && !list.targetRules.some((id) => target.ids.includes(id))) {
    return false;
  }
  const { secret, commit, path } = target;
  const text = list.regexTarget === 'secret' ? secret : target[list.regexTarget];
  const lower = secret?.toLowerCase();
  const outcomes: boolean[] = [];
  if (list.commits.length > 0) outcomes.push(commit !== null && list.commits.includes(commit));
  if (list.paths.length > 0) outcomes.push(list.paths.some((matches) => matches(path)));
  if (list.regexes.length > 0) {
    outcomes.push(text !== undefined && list.regexes.some((matches) => matches(text)));
  }
  if (list.stopwords.length > 0) {
    outcomes.push(lower !== undefined && list.stopwords.some((word) => lower.includes(word)));
  }
  if (outcomes.length === 0) return false;
  return list.condition === 'AND' ? outcomes.every(Boolean) : outcomes.some(Boolean);
}
