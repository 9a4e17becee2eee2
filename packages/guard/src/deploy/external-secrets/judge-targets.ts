import { fileName, keyName, say } from '../../mask.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { type Manifest, spanAt } from '../manifest.ts';
import { folderOf } from '../paths.ts';
import { storeUsers } from './external-secret.ts';
import { ownedTarget } from './judge-refresh.ts';

/** One Secret that two objects of a folder want to own: each undoes what the other does. */
export function* judgeTargets(deployment: Deployment): Iterable<DeployVerdict> {
  const owners = new Map<string, Manifest>();
  for (const user of storeUsers(deployment.tree)) {
    const { manifest } = user;
    if (manifest.kind !== 'ExternalSecret') continue;
    const target = ownedTarget(user);
    if (target === null) continue;
    const key = placeOf(manifest, target);
    const other = owners.get(key) ?? secretIn(deployment, manifest, target);
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
  }
}

/** Folders stand for the parts that are applied together. */
const placeOf = ({ source, namespace }: Manifest, name: string) =>
  JSON.stringify([folderOf(source.path), namespace, name]);

function secretIn({ tree }: Deployment, owner: Manifest, name: string): Manifest | undefined {
  return tree
    .named('Secret', name)
    .find((secret) => placeOf(secret, name) === placeOf(owner, name) && secret.group === '');
}
