import { say } from '../../mask.ts';
import { isSopsFile } from '../../sops-file.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { manifestsOf, mayHoldManifests, spanAt } from '../manifest.ts';
import type { FluxKustomization } from './flux-kustomization.ts';

/** What keeps us from following Kustomizations: silence about their files is no proof. */
export function* judgeReach(deployment: Deployment): Iterable<DeployVerdict> {
  for (const one of deployment.flux) yield* whyNot(one);
  yield* notReached(deployment);
}

/** Said once, where some Kustomizations build from elsewhere and encrypted objects are left over. */
function* notReached({ tree, contexts, flux }: Deployment): Iterable<DeployVerdict> {
  const elsewhere = flux.filter(({ why }) => why === 'elsewhere').length;
  if (elsewhere === 0) return;
  const left = tree.sources.filter(
    (source) =>
      mayHoldManifests(source) &&
      isSopsFile(source) &&
      manifestsOf(source).some(({ encrypted }) => encrypted) &&
      !contexts.ofFile(tree.pathOf(source)).some((context) => context.flux !== null),
  );
  const [first] = left;
  if (first === undefined) return;
  yield {
    ruleId: 'deploy/unknown',
    source: first,
    span: null,
    kind: 'elsewhere',
    message: say`${left.length} encrypted objects, this one first, are built by no Kustomization that could be followed; ${elsewhere} build from a source that is not known to be this repository`,
    hint: say`Nothing, where that is meant; whether Flux decrypts these was not judged`,
  };
}

function* whyNot({ manifest, why }: FluxKustomization): Iterable<DeployVerdict> {
  if (why === null || why === 'elsewhere') return;
  const base = { source: manifest.source, treePath: [...manifest.path, 'spec', 'path'] };
  if (why === 'missing')
    yield {
      ...base,
      ruleId: 'deploy/flux-path',
      span: spanAt(manifest.map, 'spec', 'path'),
      message: say`no folder of this repository is at spec.path`,
      hint: say`Correct the path, which is relative to the root of the repository`,
    };
  else
    yield {
      ...base,
      ruleId: 'deploy/unknown',
      span: spanAt(manifest.map, ...(why === 'version' ? ['apiVersion'] : ['spec', 'path'])),
      kind: why,
      message:
        why === 'version'
          ? say`a version of this API that is not known here: what it builds was not followed`
          : say`the path holds a variable: what it builds was not followed`,
      hint: say`Nothing, where that is meant; its files are judged as if nothing built them`,
    };
}
