import { fileName, keyName, say } from '../../mask.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { effectiveNamespaces } from '../effective-namespace.ts';
import { type Manifest, spanAt } from '../manifest.ts';
import { folderOf } from '../paths.ts';
import { storeUsers } from './external-secret.ts';
import { ownedTarget } from './judge-refresh.ts';

/** One Secret that two objects of a folder want to own: each undoes what the other does. */
export function* judgeTargets(deployment: Deployment): Iterable<DeployVerdict> {
  const owners = new Map<string, Manifest>();
  for (const user of storeUsers(deployment.tree)) {
    const { manifest } = user;
    const target = manifest.kind === 'ExternalSecret' ? ownedTarget(user) : null;
    if (target === null) continue;
    for (const key of placesOf(deployment, manifest, target)) {
      const other = owners.get(key) ?? secretAt(deployment, manifest, target);
      owners.set(key, manifest);
      if (other === undefined) continue;
      yield {
        ruleId: 'deploy/external-secret-target',
        source: manifest.source,
        span: spanAt(manifest.map, 'metadata', 'name'),
        treePath: [...manifest.path, 'spec', 'target'],
        kind: 'two-owners',
        message: say`the Secret ${keyName(target)} is made here and in ${fileName(other.source.path)}: each undoes the other`,
        hint: say`Give one of them another name, or write target.creationPolicy: Merge`,
      };
      break;
    }
  }
}

/** Folders stand for the parts that are applied together; where no namespace is known, nothing is said. */
function placesOf(deployment: Deployment, manifest: Manifest, name: string): readonly string[] {
  const folder = folderOf(manifest.source.path);
  return Array.from(effectiveNamespaces(deployment, manifest) ?? [], (namespace) =>
    JSON.stringify([folder, namespace, name]),
  );
}

function secretAt(deployment: Deployment, owner: Manifest, name: string): Manifest | undefined {
  const places = placesOf(deployment, owner, name);
  return deployment.tree
    .named('Secret', name)
    .find(
      (secret) =>
        secret.group === '' &&
        placesOf(deployment, secret, name).some((place) => places.includes(place)),
    );
}
