import type { Source } from './source.ts';
import type { Problem, Rule, Severity } from './types.ts';

/** What is known of a rule before it has judged anything. */
export interface RuleInfo {
  readonly severity: Severity;
  readonly title: string;
  readonly why: string;
  readonly fix: string;
  /** What it reports, as it stands in a file. */
  readonly example?: string;
}

/** What a judgement of a whole tree says about one file; the rule that reports it is named. */
export interface VerdictOf<Id extends string> extends Problem {
  readonly ruleId: Id;
  readonly source: Source;
}

/**
 * Rules as the engine takes them. The verdicts are made together, once for each set of sources, and
 * each rule reports its own.
 */
export function verdictRules<Id extends string>(
  infos: Readonly<Record<Id, RuleInfo>>,
  judge: (sources: readonly Source[]) => Iterable<VerdictOf<Id>>,
): readonly Rule[] {
  const made = new WeakMap<readonly Source[], ReadonlyMap<string, readonly VerdictOf<Id>[]>>();
  const verdictsOf = (sources: readonly Source[], id: string) => {
    const known = made.get(sources) ?? groupById(judge(sources));
    made.set(sources, known);
    return known.get(id) ?? [];
  };
  return Object.entries<RuleInfo>(infos).map(([id, { severity, title, why, fix, example }]) => ({
    id,
    severity,
    title,
    docs: { why, fix, ...(example === undefined ? {} : { example }) },
    checkAll: (sources: readonly Source[]) => verdictsOf(sources, id),
  }));
}

function groupById<Id extends string>(
  verdicts: Iterable<VerdictOf<Id>>,
): ReadonlyMap<string, readonly VerdictOf<Id>[]> {
  const groups = new Map<string, VerdictOf<Id>[]>();
  for (const verdict of verdicts) {
    const group = groups.get(verdict.ruleId);
    if (group === undefined) groups.set(verdict.ruleId, [verdict]);
    else group.push(verdict);
  }
  return groups;
}
