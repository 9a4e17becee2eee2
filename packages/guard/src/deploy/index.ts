export type { DeployVerdict } from './deploy-verdict.ts';
export type { DeploymentOptions } from './deployment.ts';
export {
  deployRules,
  isDeploymentPath,
  judgeDeployment,
  unreadReferences,
} from './judge-deployment.ts';
export { DEPLOY_RULE_IDS, type DeployRuleId } from './rule-info.ts';
