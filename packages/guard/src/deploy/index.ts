export type { DeployVerdict } from './deploy-verdict.ts';
export { type Deployment, type DeploymentOptions, readDeployment } from './deployment.ts';
export { effectiveNamespaces, mayMeet } from './effective-namespace.ts';
export { storesNamedBy, storeUsers } from './external-secrets/external-secret.ts';
export {
  deployRules,
  isDeploymentPath,
  judgeDeployment,
  unreadReferences,
} from './judge-deployment.ts';
export { isVariable, type Manifest, manifestsOf } from './manifest.ts';
export { kustomizationsOfKind, patchFiles } from './patches.ts';
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
