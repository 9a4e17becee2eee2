import { type MasterKey, type Metadata, masterKeyId } from '@tidelock/core';
import { ownWords, type SafeText, say } from '../mask.ts';
import type { Source } from '../source.ts';
import { keyText } from './canonical-key.ts';
import { keyVerdict } from './judge-keys.ts';
import type { Verdict } from './rule-info.ts';
import type { SopsCheckPolicy, SopsCheckRule } from './sops-check-rules.ts';

interface Outcome {
  readonly holds: boolean;
  /** Ids that the rule accounts for. A `not` accounts for none, so it lets nobody else in. */
  readonly matched: readonly string[];
}

/**
 * A file against `.sops-check.yaml`. Other than sops-check, a `not` does not accept every other key,
 * and a file for which no rule is asks for nothing.
 * @param path relative to the repository
 */
export function* judgeSopsCheck(
  source: Source,
  metadata: Metadata,
  { policy, path }: { readonly policy: SopsCheckPolicy; readonly path: string },
): Iterable<Verdict> {
  const keys = metadata.keyGroups.flatMap((group) => group.keys);
  const ids = [...new Set(keys.map(masterKeyId))];
  const rules = policy.rules.flatMap((rule) => applicable(rule, path) ?? []);
  if (rules.length === 0) return;
  const outcomes = rules.map((rule) => ({ rule, outcome: evaluate(rule, ids) }));
  for (const { rule, outcome } of outcomes) if (!outcome.holds) yield broken(source, rule);
  if (policy.allowUnmatched) return;
  const matched = new Set(outcomes.flatMap(({ outcome }) => outcome.matched));
  const isOnlyNot = rules.every(({ test }) => test.kind === 'not');
  if (isOnlyNot) return;
  for (const key of keys) if (!matched.has(masterKeyId(key))) yield unmatched(source, key);
}

/** The rule without the parts that are for other paths; null when nothing is left. */
function applicable(rule: SopsCheckRule, path: string): SopsCheckRule | null {
  if (rule.isFor?.(path) === false) return null;
  const { test } = rule;
  if (test.kind === 'match') return rule;
  if (test.kind === 'not') {
    const inner = applicable(test.rule, path);
    return inner === null ? null : { ...rule, test: { kind: 'not', rule: inner } };
  }
  const rules = test.rules.flatMap((one) => applicable(one, path) ?? []);
  return rules.length === 0 ? null : { ...rule, test: { kind: test.kind, rules } };
}

function evaluate({ test }: SopsCheckRule, ids: readonly string[]): Outcome {
  if (test.kind === 'match') {
    const matched = ids.filter(test.matches);
    return { holds: matched.length > 0, matched };
  }
  if (test.kind === 'not') return { holds: !evaluate(test.rule, ids).holds, matched: [] };
  const outcomes = test.rules.map((rule) => evaluate(rule, ids));
  const holding = outcomes.filter(({ holds }) => holds);
  const needed = {
    allOf: holding.length === outcomes.length,
    anyOf: holding.length > 0,
    oneOf: holding.length === 1,
  };
  return { holds: needed[test.kind], matched: holding.flatMap(({ matched }) => matched) };
}

function broken(source: Source, rule: SopsCheckRule): Verdict {
  return {
    ruleId: rule.test.kind === 'not' ? 'policy/recipient-forbidden' : 'policy/recipient-missing',
    source,
    span: null,
    message: say`the keys of this file do not meet ${nameOf(rule)} of .sops-check.yaml`,
    hint: say`Make the creation rule meet it, then: tidelock updatekeys FILE`,
  };
}

function unmatched(source: Source, key: MasterKey): Verdict {
  return keyVerdict('policy/recipient-extra', source, key, {
    message: say`${keyText(key)} can open this file, and no rule of .sops-check.yaml names it`,
    hint: say`Remove it with tidelock updatekeys FILE, then tidelock rotate -i FILE`,
  });
}

/** The words of the policy's author, cut to a length. */
const nameOf = (rule: SopsCheckRule): SafeText =>
  ownWords(JSON.stringify(rule.description.slice(0, 100)));
