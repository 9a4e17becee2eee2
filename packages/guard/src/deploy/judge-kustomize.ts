import { fileName, say } from '../mask.ts';
import type { DeployVerdict } from './deploy-verdict.ts';
import type { Deployment } from './deployment.ts';

/** References of kustomizations to files that are not there. */
export function* judgeKustomize({ graph }: Deployment): Iterable<DeployVerdict> {
  for (const { kustomization, missing } of graph.known) {
    if (kustomization === null) continue;
    for (const { path, span } of missing)
      yield {
        ruleId: 'deploy/kustomize-missing',
        source: kustomization.source,
        span,
        message: say`there is no ${fileName(path)} here: the build fails`,
        hint: say`Correct the path, add the file, or take it out`,
      };
  }
}
