import type { Deployment } from './deployment.ts';
import type { Manifest } from './manifest.ts';

/**
 * The namespaces that an object is applied to, after kustomize and Flux have put theirs over its own.
 * null: not to be known here.
 */
export function effectiveNamespaces(
  { tree, contexts }: Deployment,
  manifest: Manifest,
): ReadonlySet<string> | null {
  const found = contexts.ofFile(tree.pathOf(manifest.source));
  if (found.length === 0) return manifest.namespace === null ? null : new Set([manifest.namespace]);
  const names = found.map(({ namespace, unknown }) =>
    unknown ? null : (namespace ?? manifest.namespace),
  );
  const known = names.filter((name) => name !== null);
  return known.length === names.length ? new Set(known) : null;
}

/** Whether two objects may come to stand in one namespace; unknown ones may. */
export function mayMeet(
  one: ReadonlySet<string> | null,
  other: ReadonlySet<string> | null,
): boolean {
  return one === null || other === null || [...one].some((name) => other.has(name));
}
