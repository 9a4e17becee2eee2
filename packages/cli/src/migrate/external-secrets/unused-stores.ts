import { type Deployment, storesNamedBy, storeUsers } from '@tidelock/guard';
import type { Placed } from './placement.ts';

/** Stores that moved ExternalSecrets alone read from, with their files. */
export function unusedStores(
  { tree }: Deployment,
  moved: readonly Pick<Placed, 'manifest'>[],
): readonly string[] {
  const gone = new Set(moved.map(({ manifest }) => manifest));
  const users = storeUsers(tree).map((user) => ({
    isGone: gone.has(user.manifest),
    names: storesNamedBy(user).map(({ kind, name }) => `${kind} ${name}`),
  }));
  const namedBy = (isGone: boolean) =>
    new Set(users.flatMap((user) => (user.isGone === isGone ? user.names : [])));
  const [before, still] = [namedBy(true), namedBy(false)];
  const stores = ['SecretStore', 'ClusterSecretStore'].flatMap((kind) =>
    tree.ofKind('external-secrets.io', kind).map(({ name, source }) => ({
      id: `${kind} ${name}`,
      path: source.path,
    })),
  );
  return stores
    .filter(({ id }) => before.has(id) && !still.has(id))
    .map(({ id, path }) => `${id} of ${path}`);
}
