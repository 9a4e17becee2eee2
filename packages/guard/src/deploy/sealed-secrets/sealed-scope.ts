import { descendant, type Tree, type TreeMap, textOf } from '../../structure/tree.ts';

export type SealedScope = 'strict' | 'namespace-wide' | 'cluster-wide';

const PREFIX = 'sealedsecrets.bitnami.com/';

/** The scope that annotations ask for; cluster-wide wins. */
export function scopeOf(metadata: Tree | undefined): SealedScope {
  const asks = (name: string) =>
    textOf(descendant(metadata, 'annotations'), PREFIX + name) === 'true';
  if (asks('cluster-wide')) return 'cluster-wide';
  return asks('namespace-wide') ? 'namespace-wide' : 'strict';
}

/** The scope by which the controller opens it: only the object's own annotations count. */
export function sealedScope(map: TreeMap): SealedScope {
  return scopeOf(descendant(map, 'metadata'));
}
