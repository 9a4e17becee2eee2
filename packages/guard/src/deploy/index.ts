export type { DeployVerdict } from './deploy-verdict.ts';
export type { DeploymentOptions } from './deployment.ts';
export { deployRules, judgeDeployment } from './judge-deployment.ts';
export { mayHoldManifests } from './manifest.ts';
export { DEPLOY_RULE_IDS, type DeployRuleId } from './rule-info.ts';
