export {
  type AccessChange,
  type AccessEntry,
  accessChanges,
  accessOf,
  accessTable,
  type Reader,
} from './access-table.ts';
export { canonicalKey, keyText, mayBeSame } from './canonical-key.ts';
export { compareGroups, type GroupsComparison, groupsNeeded } from './compare-groups.ts';
export {
  CreationPolicy,
  demandedKeys,
  demandsText,
  type GoverningRule,
  type LoadedConfig,
} from './creation-policy.ts';
export {
  compareDataKeys,
  type DataKeyChange,
  dataKeyAgeVerdict,
  RemovedRecipients,
  tokenIvs,
} from './data-key.ts';
export { AccessPolicy } from './judge-access.ts';
export { judgeSopsCheck } from './judge-sops-check.ts';
export { judgeFile, judgeTree, notEncrypted, type TreePolicy } from './judge-tree.ts';
export { judgeAccessChange } from './milder-policy.ts';
export { isOver } from './policy-reader.ts';
export { POLICY_NAME, parsePolicy, type ReadPolicy, readPolicy } from './read-policy.ts';
export { POLICY_RULE_IDS, type PolicyRuleId, policyRules, type Verdict } from './rule-info.ts';
export { parseSopsCheck, type SopsCheckPolicy } from './sops-check-rules.ts';
export { metadataOf, wholeView } from './sops-facts.ts';
export type {
  AccessRule,
  Grouping,
  NamedRecipient,
  RotationPolicy,
  TidelockPolicy,
} from './tidelock-policy.ts';
export { membersOf } from './tidelock-policy.ts';
export {
  changed,
  goneSource,
  judgeCreationChange,
  judgeSopsCheckChange,
  weakened,
} from './weakened.ts';
