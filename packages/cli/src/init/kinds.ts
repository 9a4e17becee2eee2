import type { Source } from '@tidelock/guard';

/** What a repository configures. */
export type Kind =
  | 'kubernetes'
  | 'flux'
  | 'argo-cd'
  | 'ksops'
  | 'helm'
  | 'helm-secrets'
  | 'terraform'
  | 'dotenv'
  | 'compose'
  | 'sealed-secrets'
  | 'external-secrets';

export const KIND_NAMES: Readonly<Record<Kind, string>> = {
  kubernetes: 'Kubernetes manifests',
  flux: 'Flux',
  'argo-cd': 'Argo CD',
  ksops: 'ksops',
  helm: 'Helm charts',
  'helm-secrets': 'helm-secrets',
  terraform: 'Terraform',
  dotenv: 'dotenv files',
  compose: 'Docker Compose',
  'sealed-secrets': 'Sealed Secrets',
  'external-secrets': 'External Secrets',
};

const BY_PATH: readonly (readonly [Kind, RegExp])[] = [
  ['helm', /(?:^|\/)Chart\.yaml$/],
  ['terraform', /\.tf(?:\.json)?$|\.tfvars(?:\.json)?$/],
  ['dotenv', /(?:^|\/)(?:[^/]*\.)?env(?:\.[^/]*)?$/],
  ['compose', /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/],
];
const BY_TEXT: readonly (readonly [Kind, RegExp])[] = [
  ['kubernetes', /^\s*"?apiVersion"?\s*:/m],
  ['flux', /\b(?:kustomize|source|helm)\.toolkit\.fluxcd\.io\//],
  ['argo-cd', /\bargoproj\.io\//],
  ['ksops', /\bviaduct\.ai\//],
  ['helm-secrets', /\bsecrets(?:\+[a-z-]+)?:\/\//],
  ['sealed-secrets', /\bbitnami\.com\/v1alpha1/],
  ['external-secrets', /\bexternal-secrets\.io\//],
];
const MANIFEST = /\.(?:ya?ml|json)$/;

/** In the order of the names above. */
export function detectKinds(sources: readonly Source[]): readonly Kind[] {
  const found = new Set<Kind>();
  for (const source of sources) {
    for (const [kind, pattern] of BY_PATH) if (pattern.test(source.path)) found.add(kind);
    if (!MANIFEST.test(source.path)) continue;
    for (const [kind, pattern] of BY_TEXT)
      if (!found.has(kind) && pattern.test(source.text ?? '')) found.add(kind);
  }
  const isKind = (name: string): name is Kind => Object.hasOwn(KIND_NAMES, name);
  return Object.keys(KIND_NAMES).filter((name): name is Kind => isKind(name) && found.has(name));
}
