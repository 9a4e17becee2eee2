export { canonicalKey, keyText, mayBeSame } from './canonical-key.ts';
export { compareGroups, type GroupsComparison, groupsNeeded } from './compare-groups.ts';
export { CreationPolicy, type GoverningRule, type LoadedConfig } from './creation-policy.ts';
export { judgeTree, type TreePolicy } from './judge-tree.ts';
export { POLICY_RULE_IDS, type PolicyRuleId, policyRules, type Verdict } from './rule-info.ts';
export { metadataOf, wholeView } from './sops-facts.ts';
