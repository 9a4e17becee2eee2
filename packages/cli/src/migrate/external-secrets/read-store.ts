import {
  child,
  type Deployment,
  effectiveNamespaces,
  entriesOf,
  type Manifest,
  mayMeet,
  type Tree,
} from '@tidelock/guard';
import { plainText, requiredText, wordOf } from './manifest-text.ts';
import { LeftToHand, type RemoteStore } from './remote-secret.ts';

const GROUP = 'external-secrets.io';

/** Finds the store that a reference names. @throws LeftToHand for none, several, or one that is not read here */
export function storeOf(
  deployment: Deployment,
  user: Manifest,
  reference: Tree | undefined,
): RemoteStore {
  const name = requiredText(reference, 'name');
  const kind = wordOf(reference, 'kind', ['SecretStore', 'ClusterSecretStore']);
  const isInReach = (store: Manifest) =>
    kind === 'ClusterSecretStore' ||
    user.kind === 'ClusterExternalSecret' ||
    mayMeet(effectiveNamespaces(deployment, user), effectiveNamespaces(deployment, store));
  const found = deployment.tree
    .named(kind, name)
    .filter((store) => store.group === GROUP && isInReach(store));
  const stores = new Map(
    found.map((store) => {
      if (store.encrypted) throw new LeftToHand(`its ${kind} ${name} is encrypted`);
      const read = readStore(store);
      return [JSON.stringify(read), read] as const;
    }),
  );
  const [only, second] = stores.values();
  if (only === undefined)
    throw new LeftToHand(
      `its ${kind} ${name} is not in this repository: where it reads is unknown`,
    );
  if (second !== undefined)
    throw new LeftToHand(`several ${kind}s of the name ${name} read from different places`);
  return only;
}

function readStore({ map }: Manifest): RemoteStore {
  const providers = entriesOf(child(child(map, 'spec'), 'provider'));
  const [provider, second] = providers;
  if (provider === undefined || second !== undefined)
    throw new LeftToHand('its store does not name exactly one provider');
  if (provider.key === 'aws') return readAws(provider.value);
  if (provider.key === 'vault') return readVault(provider.value);
  throw new LeftToHand(
    `its store reads from ${provider.key}: only AWS Secrets Manager and Vault KV are read here`,
  );
}

function readAws(provider: Tree): RemoteStore {
  const service = requiredText(provider, 'service');
  if (service !== 'SecretsManager')
    throw new LeftToHand(
      `its store reads from ${service} of AWS: only Secrets Manager is read here`,
    );
  return {
    kind: 'aws',
    region: requiredText(provider, 'region'),
    account: accountOfRole(plainText(provider, 'role')),
    prefix: plainText(provider, 'prefix') ?? '',
  };
}

export function accountOfRole(role: string | null): string | null {
  return role === null ? null : (/^arn:aws[a-z-]*:iam::(\d{12}):role\//.exec(role)?.[1] ?? null);
}

function readVault(provider: Tree): RemoteStore {
  return {
    kind: 'vault',
    server: requiredText(provider, 'server').replace(/\/+$/, ''),
    namespace: plainText(provider, 'namespace'),
    mount: plainText(provider, 'path')?.replace(/^\/+|\/+$/g, '') ?? null,
    version: wordOf(provider, 'version', ['v2', 'v1']) === 'v2' ? 2 : 1,
  };
}
