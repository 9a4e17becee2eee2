import { type SealedScope, scopeOfAnnotations } from '@tidelock/core';
import { descendant, type Tree, type TreeMap, textOf } from '../../structure/tree.ts';

/** The scope that annotations ask for; cluster-wide wins. */
export function scopeOf(metadata: Tree | undefined): SealedScope {
  const annotations = descendant(metadata, 'annotations');
  return scopeOfAnnotations((name) => textOf(annotations, name));
}

/** The scope by which the controller opens it: only the object's own annotations count. */
export function sealedScope(map: TreeMap): SealedScope {
  return scopeOf(descendant(map, 'metadata'));
}
