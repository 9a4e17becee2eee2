import {
  type Deployment,
  effectiveNamespaces,
  folderOf,
  type Manifest,
  mayMeet,
} from '@tidelock/guard';
import type { RemoteSecret } from './remote-secret.ts';

export interface Owner {
  readonly manifest: Manifest;
  readonly secret: RemoteSecret;
}

/**
 * Who else in the same folder makes a Secret of that name: each would undo what the other does. Other
 * folders may be other clusters. null: nobody.
 */
export function otherOwner(
  deployment: Deployment,
  owner: Owner,
  owners: readonly Owner[],
): Manifest | null {
  const { tree } = deployment;
  const place = placeOf(deployment, owner);
  const folder = folderOf(owner.manifest.source.path);
  const other = owners.find(
    (one) =>
      one !== owner &&
      one.secret.name === owner.secret.name &&
      folderOf(one.manifest.source.path) === folder &&
      mayMeet(place, placeOf(deployment, one)),
  );
  const secret = tree
    .named('Secret', owner.secret.name)
    .find(
      (one) =>
        one.group === '' &&
        folderOf(one.source.path) === folder &&
        mayMeet(place, effectiveNamespaces(deployment, one)),
    );
  return other?.manifest ?? secret ?? null;
}

function placeOf(deployment: Deployment, { manifest, secret }: Owner): ReadonlySet<string> | null {
  if (manifest.kind !== 'ClusterExternalSecret') return effectiveNamespaces(deployment, manifest);
  return secret.namespace === null ? null : new Set([secret.namespace]);
}
