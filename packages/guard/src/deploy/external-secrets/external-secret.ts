import { child, descendant, elementsOf, type Tree, textOf } from '../../structure/tree.ts';
import type { DeployTree } from '../deploy-tree.ts';
import { isVariable, type Manifest } from '../manifest.ts';

export const EXTERNAL_SECRETS = 'external-secrets.io';
/** The operator before it, archived since 2021. */
export const OLD_EXTERNAL_SECRETS = 'kubernetes-client.io';

/** An object that reads from a store or writes to one, whatever its kind. */
export interface StoreUser {
  readonly manifest: Manifest;
  /** The spec of an ExternalSecret, or of a PushSecret. */
  readonly spec: Tree | undefined;
  readonly specPath: readonly string[];
}

/** ExternalSecret, ClusterExternalSecret, PushSecret and ClusterPushSecret of a tree. */
export function storeUsers(tree: DeployTree): StoreUser[] {
  const KINDS: readonly (readonly [string, readonly string[]])[] = [
    ['ExternalSecret', ['spec']],
    ['ClusterExternalSecret', ['spec', 'externalSecretSpec']],
    ['PushSecret', ['spec']],
    ['ClusterPushSecret', ['spec', 'pushSecretSpec']],
  ];
  return KINDS.flatMap(([kind, specPath]) =>
    tree
      .ofKind(EXTERNAL_SECRETS, kind)
      .map((manifest) => ({ manifest, specPath, spec: descendant(manifest.map, ...specPath) })),
  );
}

export interface StoreReference {
  readonly kind: string;
  readonly name: string;
  /** The map that names it. */
  readonly tree: Tree;
}

/** Every store that it names; those picked by labels, and variables, left out. */
export function storesNamedBy({ spec }: StoreUser): StoreReference[] {
  const lists = ['data', 'dataFrom'].flatMap((name) => elementsOf(child(spec, name)));
  const trees = [
    child(spec, 'secretStoreRef'),
    ...elementsOf(child(spec, 'secretStoreRefs')),
    ...lists.map((one) => descendant(one, 'sourceRef', 'storeRef')),
  ];
  return trees.flatMap((tree) => {
    const name = textOf(tree, 'name');
    const kind = textOf(tree, 'kind') ?? 'SecretStore';
    if (tree === undefined || name === undefined || name === '' || isVariable(name + kind))
      return [];
    return [{ kind, name, tree }];
  });
}
