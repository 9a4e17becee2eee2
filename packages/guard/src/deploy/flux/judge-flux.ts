import { fileName, say } from '../../mask.ts';
import type { Source } from '../../source.ts';
import type { BuildContext } from '../build-contexts.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import type { FileUse } from '../kustomize-graph.ts';
import { spanAt } from '../manifest.ts';
import { ClusterKeys } from './cluster-keys.ts';
import { encryptedBelow } from './encrypted-below.ts';
import { decrypts, type FluxKustomization } from './flux-kustomization.ts';
import { judgeGenerated } from './judge-generated.ts';
import { judgeReach } from './judge-reach.ts';
import { judgeResource } from './judge-resource.ts';
import { judgeKeySecrets } from './key-secret.ts';

/** Whether Flux will decrypt what it builds: which Kustomization reaches which file, and how. */
export function* judgeFlux(deployment: Deployment): Iterable<DeployVerdict> {
  const { tree, graph, contexts, flux } = deployment;
  if (flux.length === 0) return;
  yield* withoutDecryption(deployment);
  yield* judgeReach(deployment);
  yield* judgeKeySecrets(tree, flux);
  yield* judgeKeys(deployment);
  const judged = new Map<Source, Set<string>>();
  for (const folder of graph.known) {
    const builders = distinct(contexts.of(folder.path));
    if (builders.length === 0) continue;
    for (const use of folder.files) {
      yield* once(judged, use, () =>
        use.reference.use === 'resource' ? judgeResource(use.source) : judgeGenerated(use, tree),
      );
    }
  }
}

/** Whether every cluster that builds a file has a key for it; said once for each file. */
function* judgeKeys({ tree, graph, contexts }: Deployment): Iterable<DeployVerdict> {
  const keys = new ClusterKeys(tree);
  const reported = new Set<Source>();
  for (const folder of graph.known) {
    const builders = distinct(contexts.of(folder.path));
    for (const { source } of builders.length === 0 ? [] : folder.files) {
      if (reported.has(source)) continue;
      const found = builders.flatMap((builder) => [...keys.judge(source, builder)]);
      const [verdict] = found;
      if (verdict === undefined) continue;
      reported.add(source);
      yield verdict;
    }
  }
}

/** The Flux Kustomizations among the contexts that decrypt, each kind once. */
function distinct(contexts: readonly BuildContext[]): FluxKustomization[] {
  const found = new Map<string, FluxKustomization>();
  for (const { flux } of contexts)
    if (flux !== null && decrypts(flux)) found.set(flux.decryptionClass, flux);
  return [...found.values()];
}

/** A file that several folders use alike is judged once. */
function once(
  judged: Map<Source, Set<string>>,
  { source, reference }: FileUse,
  judge: () => Iterable<DeployVerdict>,
): Iterable<DeployVerdict> {
  const known = judged.get(source) ?? new Set<string>();
  judged.set(source, known);
  const key = `${reference.use} ${reference.key}`;
  if (known.has(key)) return [];
  known.add(key);
  return judge();
}

/** One finding for each Kustomization, however many files it reaches. */
function* withoutDecryption({ graph, flux }: Deployment): Iterable<DeployVerdict> {
  const encrypted = encryptedBelow(graph);
  for (const one of flux) {
    const use = one.folder === null ? undefined : encrypted.get(one.folder);
    if (use === undefined || decrypts(one)) continue;
    const { manifest, provider } = one;
    yield {
      ruleId: 'deploy/flux-no-decryption',
      source: manifest.source,
      span: spanAt(manifest.map, 'spec', provider === null ? 'path' : 'decryption'),
      treePath: [...manifest.path, 'spec', 'decryption'],
      message:
        provider === null
          ? say`builds encrypted files, ${fileName(use.source.path)} among them, and has no spec.decryption`
          : say`builds encrypted files, ${fileName(use.source.path)} among them, and its decryption has another provider than sops`,
      hint: say`Add spec.decryption with provider: sops and the secretRef of the keys`,
    };
  }
}
