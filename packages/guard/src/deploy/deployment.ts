import type { TidelockPolicy } from '../policy/tidelock-policy.ts';
import type { Source } from '../source.ts';
import { BuildContexts } from './build-contexts.ts';
import { DeployTree, type DeployTreeOptions } from './deploy-tree.ts';
import { fluxKeysOf } from './flux/cluster-keys.ts';
import {
  FLUX_KUSTOMIZE,
  type FluxKustomization,
  readFluxKustomization,
} from './flux/flux-kustomization.ts';
import { fluxSources } from './flux/flux-sources.ts';
import { KustomizeGraph } from './kustomize-graph.ts';

export interface DeploymentOptions extends DeployTreeOptions {
  readonly policy?: TidelockPolicy | null;
  /** null: nothing counts as expired. */
  readonly now?: Date | null;
}

/** A tree with all that is derived from the whole of it. */
export interface Deployment {
  readonly tree: DeployTree;
  readonly graph: KustomizeGraph;
  readonly contexts: BuildContexts;
  readonly flux: readonly FluxKustomization[];
  readonly now: Date | null;
}

export function readDeployment(
  sources: readonly Source[],
  { policy = null, now = null, ...options }: DeploymentOptions = {},
): Deployment {
  const tree = new DeployTree(sources, options);
  const graph = new KustomizeGraph(tree);
  const found = fluxSources(tree);
  const keysOf = fluxKeysOf(policy);
  const own = tree
    .ofKind(FLUX_KUSTOMIZE, 'Kustomization')
    .map((manifest) =>
      readFluxKustomization(manifest, found, keysOf(tree.pathOf(manifest.source))),
    );
  const first = new BuildContexts(tree, graph, own);
  const flux = own.map((one) => withGranted(one, tree, first));
  const contexts = flux.some((one, i) => one !== own[i])
    ? new BuildContexts(tree, graph, flux)
    : first;
  return { tree, graph, contexts, flux, now };
}

/** A patch around it may give it the decryption that it does not have itself. */
function withGranted(
  one: FluxKustomization,
  tree: DeployTree,
  contexts: BuildContexts,
): FluxKustomization {
  if (one.provider !== null) return one;
  const path = tree.pathOf(one.manifest.source);
  if (!contexts.ofFile(path).some(({ grantsDecryption }) => grantsDecryption)) return one;
  return { ...one, granted: true, decryptionClass: `${one.decryptionClass} granted` };
}
