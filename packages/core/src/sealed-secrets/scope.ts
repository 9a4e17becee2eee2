/** For which place a value is sealed: one object, one namespace, or the whole cluster. */
export type SealedScope = 'strict' | 'namespace-wide' | 'cluster-wide';

export const SEALED_SCOPES: readonly SealedScope[] = ['strict', 'namespace-wide', 'cluster-wide'];

/** What the annotations that choose a scope begin with. */
export const SCOPE_ANNOTATION_PREFIX = 'sealedsecrets.bitnami.com/';

export function isSealedScope(text: string): text is SealedScope {
  return SEALED_SCOPES.some((scope) => scope === text);
}

/** The scope that annotations ask for; only `true` asks, and cluster-wide wins. */
export function scopeOfAnnotations(textOf: (name: string) => string | undefined): SealedScope {
  const asks = (scope: SealedScope) => textOf(SCOPE_ANNOTATION_PREFIX + scope) === 'true';
  if (asks('cluster-wide')) return 'cluster-wide';
  return asks('namespace-wide') ? 'namespace-wide' : 'strict';
}

/** An object as its seal knows it. */
export interface SealedPlace {
  readonly scope: SealedScope;
  /** Not looked at for cluster-wide. */
  readonly namespace: string;
  /** Looked at for strict alone. */
  readonly name: string;
}

/** The OAEP label: it binds a sealed value to its place. */
export function sealingLabel({ scope, namespace, name }: SealedPlace): Uint8Array {
  const label = { strict: `${namespace}/${name}`, 'namespace-wide': namespace, 'cluster-wide': '' };
  return Buffer.from(label[scope], 'utf8');
}
