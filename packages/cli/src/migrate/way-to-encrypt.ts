import { formatOf, type Selection } from '@tidelock/core';
import { type Finding, isSopsFile, type Source, structureOf, type Tree } from '@tidelock/guard';

/** What is to be done with a file that holds plaintext. */
export type Way =
  | { readonly kind: 'encrypt'; readonly selection: Selection | null }
  /** Encrypting it would break who reads it, or not help: said in words. */
  | { readonly kind: 'by-hand'; readonly reason: string };

/** Of a manifest: everything that names it stays readable for Flux, Argo CD and kubectl. */
export const MANIFEST_SELECTION: Selection = {
  rule: 'encrypted_regex',
  value: '^(data|stringData)$',
};

/** Read by programs that know nothing of sops, under exactly this name. */
const READ_AS_IT_IS =
  /(?:^|\/)(?:(?:docker-)?compose[^/]*\.ya?ml|kustomization\.ya?ml|Chart\.ya?ml|package(?:-lock)?\.json|composer\.json|tsconfig[^/]*\.json|appsettings[^/]*\.json|\.gitlab-ci\.yml|mkdocs\.yml|openapi[^/]*|\.npmrc|\.pypirc)$|(?:^|\/)(?:\.github|\.gitea|\.forgejo|\.circleci|\.vscode|\.idea)\//;
/** Nothing but data, though sops knows no structure of it: encrypted as a whole. */
const WHOLE =
  /\.(?:tfvars|properties|pem|key|agekey|asc|gpg|p12|pfx|jks|keystore|kdbx|kubeconfig|htpasswd|pgpass|netrc|env\.[\w.-]+|toml|cnf)$|(?:^|\/)(?:\.env\.[\w.-]+|env|\.netrc|\.pgpass|\.dockercfg|\.dockerconfigjson|credentials|kubeconfig|id_(?:rsa|dsa|ecdsa|ed25519))$/;

const byHand = (reason: string): Way => ({ kind: 'by-hand', reason });

/** How a file with these findings becomes one without. */
export function wayToEncrypt(source: Source, findings: readonly Finding[]): Way {
  const has = (id: string) => findings.some(({ ruleId }) => ruleId === `plaintext/${id}`);
  if (isSopsFile(source))
    return byHand('it is encrypted in part: decrypt and encrypt it again, or use tidelock edit');
  if (has('decrypted-copy'))
    return byHand('an encrypted file of the same content stands beside it: remove this copy');
  if (has('terraform-state'))
    return byHand('Terraform writes it: keep the state in a remote backend and take it out of Git');
  if (has('secret-generator'))
    return byHand('kustomize reads these literals: move them into an encrypted file');
  if (READ_AS_IT_IS.test(source.path))
    return byHand('a program reads it as it is: move the values into a file of their own');
  const format = formatOf(source.path);
  if (format === 'dotenv' || format === 'ini' || WHOLE.test(source.path))
    return { kind: 'encrypt', selection: null };
  if (format === 'binary')
    return byHand(
      'it is no file of data alone: move the values into one, and read them from there',
    );
  return wayOfTree(source, findings);
}

function wayOfTree(source: Source, findings: readonly Finding[]): Way {
  const { documents, unparsed } = structureOf(source);
  if (unparsed.length > 0 || documents.length === 0)
    return byHand('it is a template or does not parse: move the values into a file of their own');
  if (!documents.some(({ root }) => isManifest(root))) return { kind: 'encrypt', selection: null };
  const isData = ({ range, treePath }: Finding) =>
    range === null || /\["(?:data|stringData)"\]/.test(treePath ?? '');
  if (findings.every(isData)) return { kind: 'encrypt', selection: MANIFEST_SELECTION };
  return byHand('the values stand outside of data and stringData: move them into a Secret');
}

/** An object of Kubernetes, also of a kind nobody knows. */
export function isManifest(root: Tree): boolean {
  if (root.kind !== 'map') return false;
  const has = (name: string) => root.entries.some(({ key }) => key === name);
  return has('apiVersion') && has('kind');
}
