import type { Selection } from '@tidelock/core';
import { MANIFEST_SELECTION } from '../migrate/way-to-encrypt.ts';
import type { Kind } from './kinds.ts';

/** File names of one kind of secret file, from wide to narrow: the first that accuses nobody is taken. */
export interface RulePattern {
  readonly what: string;
  /** Expressions for the end of a path, behind the folder. */
  readonly names: readonly string[];
  readonly selection: Selection | null;
  /** Files beside which such secrets stand. */
  readonly beside: RegExp;
  /** Names that a rule for such files matches. */
  readonly examples: readonly string[];
}

const MANIFESTS: RulePattern = {
  what: 'Kubernetes manifests: data and stringData alone, so that the rest stays reviewable.',
  names: [
    '[^/]*(secret|\\.sops|\\.enc)[^/]*\\.(ya?ml|json)$',
    '([^/]*[-_.])?(secrets?|sops|enc)\\.(ya?ml|json)$',
    '(secrets?|[^/]*\\.(secrets?|sops|enc))\\.(ya?ml|json)$',
    '[^/]*\\.(sops|enc)\\.(ya?ml|json)$',
  ],
  selection: MANIFEST_SELECTION,
  beside: /\.(?:ya?ml|json)$/,
  examples: ['db.secret.yaml', 'secret.yaml'],
};
const HELM: RulePattern = {
  what: 'Values of Helm charts.',
  names: ['(secrets|values[-_.]secrets?)([-_.][^/]*)?\\.ya?ml$', 'secrets(\\.[^/]*)?\\.ya?ml$'],
  selection: null,
  beside: /\.ya?ml$/,
  examples: ['secrets.yaml'],
};
const DOTENV: RulePattern = {
  what: 'Environment files; examples without values stay plain.',
  names: [
    '([^/]*\\.)?env(\\.(local|dev|development|test|staging|prod|production))?$',
    '([^/]*[-_.])?(secrets?|enc)\\.env$',
  ],
  selection: null,
  beside: /env(?:\.[^/]*)?$/,
  examples: ['.env'],
};
const TERRAFORM: RulePattern = {
  what: 'Variables of Terraform.',
  names: [
    '[^/]*secret[^/]*\\.(tfvars|json|ya?ml|env|ini)$',
    '([^/]*[-_.])?secrets?(\\.(auto|enc))?\\.(tfvars|tfvars\\.json|json|ya?ml)$',
    '[^/]*\\.enc\\.(tfvars|json|ya?ml)$',
  ],
  selection: null,
  beside: /\.tf(?:vars)?(?:\.json)?$/,
  examples: ['secrets.auto.tfvars'],
};
const FILES: RulePattern = {
  what: 'Files that are called secret.',
  names: [
    '[^/]*secret[^/]*\\.(ya?ml|json|ini|env|tfvars)$',
    '([^/]*[-_.])?secrets?(\\.enc)?\\.(ya?ml|json|ini|env|tfvars)$',
    '[^/]*\\.enc\\.(ya?ml|json|ini|env|tfvars)$',
  ],
  selection: null,
  beside: /[^/]$/,
  examples: ['secrets.yaml', 'secrets.json'],
};
const FOLDER: RulePattern = {
  what: 'Anything in a folder called secrets.',
  names: ['secrets/', 'secrets/([^/]+/)*[^/]*\\.(env|ini|tfvars|key|pem|enc)$'],
  selection: null,
  beside: /(?:^|\/)secrets\//,
  examples: ['secrets/key.pem'],
};

/** What a repository of these kinds keeps secrets in; the usual where nothing is known yet. */
export function patternsFor(
  kinds: readonly Kind[],
  paths: readonly string[],
): readonly RulePattern[] {
  const has = (...names: readonly Kind[]) => names.some((name) => kinds.includes(name));
  const isKubernetes = has('kubernetes', 'flux', 'argo-cd', 'ksops');
  if (kinds.length === 0) return [MANIFESTS, DOTENV, FOLDER];
  return [
    ...(has('helm-secrets') || (has('helm') && !isKubernetes) ? [HELM] : []),
    ...(isKubernetes ? [MANIFESTS] : []),
    ...(has('dotenv', 'compose') ? [DOTENV] : []),
    ...(has('terraform') ? [TERRAFORM] : []),
    ...(isKubernetes || has('terraform', 'helm', 'helm-secrets') ? [] : [FILES]),
    ...(paths.some((path) => /(?:^|\/)secrets\//.test(path)) ? [FOLDER] : []),
  ];
}
