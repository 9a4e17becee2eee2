import { child, type Deployment, type Manifest, textOf } from '@tidelock/guard';
import { CommandError } from '../../command-error.ts';
import { checkNames } from '../../kubernetes/secret-manifest.ts';
import { clusterNamespaces } from './cluster-namespaces.ts';
import { isInChart } from './placement.ts';
import { readExternalSecret } from './read-external-secret.ts';
import { readOldExternalSecret } from './read-old-external-secret.ts';
import { LeftToHand, type RemoteSecret } from './remote-secret.ts';
import { isPatch, requireUntouched } from './require-untouched.ts';

const GROUP = 'external-secrets.io';
const OLD_GROUP = 'kubernetes-client.io';
const VERSIONS = ['v1', 'v1beta1'];

/** An object that makes Secrets from a store, with those Secrets or the reason why they stay. */
export interface Requested {
  readonly manifest: Manifest;
  readonly wanted: readonly RemoteSecret[] | LeftToHand;
}

/** Every ExternalSecret of a tree, of the operators old and new. */
export function requestedSecrets(deployment: Deployment): Requested[] {
  const { tree } = deployment;
  return tree.manifests
    .filter(isExternalSecret)
    .map((manifest) => ({ manifest, wanted: wantedOf(deployment, manifest) }));
}

export function isExternalSecret({ group, kind }: Manifest): boolean {
  return (
    (group === GROUP && (kind === 'ExternalSecret' || kind === 'ClusterExternalSecret')) ||
    (group === OLD_GROUP && kind === 'ExternalSecret')
  );
}

function wantedOf(deployment: Deployment, manifest: Manifest): Requested['wanted'] {
  try {
    if (manifest.encrypted) throw new LeftToHand('it is encrypted itself');
    if (isInChart(manifest.source.path, (path) => deployment.tree.hasFile(path)))
      throw new LeftToHand('Helm renders its folder, and does not decrypt');
    if (isPatch(deployment, manifest))
      throw new LeftToHand('it is a patch: what it changes is left to you too');
    if (manifest.name === null) throw new LeftToHand('its name is missing or a variable');
    if (
      textOf(child(manifest.map, 'metadata'), 'namespace') !== undefined &&
      manifest.namespace === null
    )
      throw new LeftToHand('its namespace is a variable');
    requireUntouched(deployment, manifest);
    const secrets = secretsOf(deployment, manifest);
    for (const secret of secrets) requireNames(secret);
    return secrets;
  } catch (error) {
    if (error instanceof LeftToHand) return error;
    throw error;
  }
}

/** @throws LeftToHand for a name that the API server refuses */
function requireNames(secret: RemoteSecret): void {
  try {
    checkNames(secret);
  } catch (error) {
    throw error instanceof CommandError ? new LeftToHand(error.message) : error;
  }
}

function secretsOf(deployment: Deployment, manifest: Manifest): readonly RemoteSecret[] {
  const { group, version, kind, map } = manifest;
  if (group === OLD_GROUP) return [readOldExternalSecret(manifest)];
  if (!VERSIONS.includes(version))
    throw new LeftToHand(`external-secrets.io/${version} is not known here: v1 and v1beta1 are`);
  const spec = child(map, 'spec');
  if (kind === 'ExternalSecret') return [readExternalSecret(deployment, manifest, spec)];
  const secret = readExternalSecret(deployment, manifest, child(spec, 'externalSecretSpec'));
  return clusterNamespaces(deployment, manifest).map((namespace) => ({ ...secret, namespace }));
}
