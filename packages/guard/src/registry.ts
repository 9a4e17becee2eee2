import type { Rule } from './types.ts';

/** Rules by id. @throws RangeError when two share one: a mistake in our own lists */
export function indexRules(rules: readonly Rule[]): ReadonlyMap<string, Rule> {
  const byId = new Map<string, Rule>();
  for (const rule of rules) {
    if (byId.has(rule.id)) throw new RangeError(`two rules are called ${rule.id}`);
    byId.set(rule.id, rule);
  }
  return byId;
}
