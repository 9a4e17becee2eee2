import { say } from '../../mask.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { spanAt } from '../manifest.ts';
import { EXTERNAL_SECRETS, OLD_EXTERNAL_SECRETS } from './external-secret.ts';
import { judgeBootstrap } from './judge-bootstrap.ts';
import { judgeRefresh } from './judge-refresh.ts';
import { judgeStores } from './judge-stores.ts';
import { judgeTargets } from './judge-targets.ts';

/** Stores, references, refresh and bootstrap of External Secrets. */
export function* judgeExternalSecrets(deployment: Deployment): Iterable<DeployVerdict> {
  yield* judgeVersions(deployment);
  yield* judgeStores(deployment);
  yield* judgeRefresh(deployment);
  yield* judgeTargets(deployment);
  yield* judgeBootstrap(deployment);
}

const KNOWN_VERSIONS = ['v1', 'v1beta1', 'v1alpha1'];

function* judgeVersions({ tree }: Deployment): Iterable<DeployVerdict> {
  for (const { source, group, version, map } of tree.manifests) {
    const base = { source, span: spanAt(map, 'apiVersion'), kind: 'version' };
    if (group === OLD_EXTERNAL_SECRETS)
      yield {
        ...base,
        ruleId: 'deploy/external-secret-old',
        message: say`an ExternalSecret of the archived operator kubernetes-external-secrets, which gets no fixes`,
        hint: say`Move to external-secrets.io/v1, or keep the values encrypted in this repository`,
      };
    else if (group === EXTERNAL_SECRETS && !KNOWN_VERSIONS.includes(version))
      yield {
        ...base,
        ruleId: 'deploy/unknown',
        message: say`a version of External Secrets that is not known here`,
        hint: say`Nothing, where that is meant; what is known of v1 was looked for`,
      };
  }
}
