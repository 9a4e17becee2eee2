import type { Source } from '../source.ts';
import type { Rule } from '../types.ts';
import { verdictRules } from '../verdict-rules.ts';
import { judgeArgo } from './argo/judge-argo.ts';
import { DeployTree } from './deploy-tree.ts';
import type { DeployVerdict } from './deploy-verdict.ts';
import { type DeploymentOptions, readDeployment } from './deployment.ts';
import { judgeExternalSecrets } from './external-secrets/judge-external-secrets.ts';
import { judgeFlux } from './flux/judge-flux.ts';
import { judgeKustomize } from './judge-kustomize.ts';
import { judgeEncryptionConfig } from './kubernetes/judge-encryption-config.ts';
import { judgeRbac } from './kubernetes/judge-rbac.ts';
import { judgeSecretData } from './kubernetes/judge-secret-data.ts';
import { KustomizeGraph } from './kustomize-graph.ts';
import { DEPLOY_INFOS } from './rule-info.ts';
import { judgeSealedSecrets } from './sealed-secrets/judge-sealed-secrets.ts';

/**
 * Judges whether what is in a tree arrives in the cluster as it is meant to: decrypted by who builds
 * it, found by who refers to it, and readable for nobody else. Pure, and linear in the tree: only
 * manifests are parsed.
 */
export function* judgeDeployment(
  sources: readonly Source[],
  options: DeploymentOptions = {},
): Iterable<DeployVerdict> {
  const deployment = readDeployment(sources, options);
  yield* judgeKustomize(deployment);
  yield* judgeFlux(deployment);
  yield* judgeArgo(deployment);
  yield* judgeExternalSecrets(deployment);
  yield* judgeEncryptionConfig(deployment);
  yield* judgeRbac(deployment);
  yield* judgeSecretData(deployment);
  yield* judgeSealedSecrets(deployment);
}

/** Whether a file of this path may say how something is deployed, or be looked at for it. */
export function isDeploymentPath(path: string): boolean {
  return /\.(?:ya?ml|json|env|ini|pem|crt|cert|cer)$|(?:^|\/)Kustomization$/i.test(path);
}

/** Paths of files that kustomizations name, and that are not among the sources. */
export function unreadReferences(
  sources: readonly Source[],
  paths: readonly string[],
): readonly string[] {
  const graph = new KustomizeGraph(new DeployTree(sources, { paths }));
  return [...new Set(graph.explicit.flatMap((path) => graph.folder(path)?.unread ?? []))];
}

/** The rules as the engine takes them, over the files that are handed to it. */
export function deployRules(
  judge: (sources: readonly Source[]) => Iterable<DeployVerdict>,
): readonly Rule[] {
  return verdictRules(DEPLOY_INFOS, judge);
}
