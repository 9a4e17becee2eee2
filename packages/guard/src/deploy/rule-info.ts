import { ARGO_INFOS } from './infos/argo.ts';
import { EXTERNAL_SECRETS_INFOS } from './infos/external-secrets.ts';
import { FLUX_INFOS } from './infos/flux.ts';
import { KUBERNETES_INFOS } from './infos/kubernetes.ts';
import { SEALED_SECRETS_INFOS } from './infos/sealed-secrets.ts';

/** Every rule about deployment that judges a whole tree. Ids are never renamed. */
export const DEPLOY_INFOS = {
  ...ARGO_INFOS,
  ...EXTERNAL_SECRETS_INFOS,
  ...FLUX_INFOS,
  ...KUBERNETES_INFOS,
  ...SEALED_SECRETS_INFOS,
};

export type DeployRuleId = keyof typeof DEPLOY_INFOS;

const isId = (id: string): id is DeployRuleId => Object.hasOwn(DEPLOY_INFOS, id);
export const DEPLOY_RULE_IDS: readonly DeployRuleId[] = Object.keys(DEPLOY_INFOS).filter(isId);
