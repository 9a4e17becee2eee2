import { deployRules } from './deploy/index.ts';
import { ownRuleNotes, ownRules } from './foreign/index.ts';
import { policyRules } from './policy/index.ts';
import { indexRules } from './registry.ts';
import { CONTENT_RULES } from './rules/index.ts';
import type { Rule } from './types.ts';

/** What is said about a rule to a person, whatever it needs to run. */
export type RuleDescription = Pick<Rule, 'id' | 'severity' | 'title' | 'docs'>;

let known: ReadonlyMap<string, RuleDescription> | undefined;

/** Every rule of every family by its id, in order of the ids. */
export function ruleCatalogue(): ReadonlyMap<string, RuleDescription> {
  known ??= indexRules(
    [
      ...CONTENT_RULES,
      ...policyRules(() => []),
      ...deployRules(() => []),
      ownRules([]),
      ownRuleNotes([]),
    ].sort((a, b) => (a.id < b.id ? -1 : 1)),
  );
  return known;
}
