export type { DeployVerdict } from './deploy-verdict.ts';
export type { DeploymentOptions } from './deployment.ts';
export {
  deployRules,
  isDeploymentPath,
  judgeDeployment,
  unreadReferences,
} from './judge-deployment.ts';
export { folderOf } from './paths.ts';
export {
  DELIVERY_MARKS,
  isKustomization,
  LINK_MARKS,
  linkTarget,
  type Reach,
  reachOf,
} from './reach.ts';
export { DEPLOY_RULE_IDS, type DeployRuleId } from './rule-info.ts';
