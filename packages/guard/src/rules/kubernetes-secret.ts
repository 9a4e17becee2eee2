import { classifyName } from '../key-names.ts';
import { keyName, say } from '../mask.ts';
import { formOf } from '../placeholder.ts';
import { decodedText, ENCRYPT_HINT, isPublicMaterial, secretLeaf } from '../secret-leaf.ts';
import { kubernetesObjects, plainDocumentsOf } from '../sops-file.ts';
import { findSecretLines } from '../structure/secret-lines.ts';
import { structureOf } from '../structure/structure.ts';
import {
  child,
  childrenOf,
  elementsOf,
  entriesOf,
  isNull,
  type Scalar,
  type Tree,
  type TreeMap,
  textOf,
} from '../structure/tree.ts';
import type { FileRule, Problem, TreePath } from '../types.ts';
import { isConfiguration, isSecretLike } from '../value-test.ts';

/** Secrets of Kubernetes: `data` is decoded before it is judged. */
export const kubernetesSecret: FileRule = {
  id: 'plaintext/kubernetes-secret',
  severity: 'error',
  title: 'A Kubernetes Secret that is not encrypted',
  docs: {
    why: 'base64 hides nothing: whoever reads the manifest has the values, and the history keeps them.',
    fix: 'Change the values, then encrypt the manifest: tidelock encrypt -i FILE. A rule with encrypted_regex ^(data|stringData)$ keeps it readable for Flux and kubectl.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes('Secret') || !text.includes('kind')) return;
    for (const document of plainDocumentsOf(source)) {
      const isSecret = (kind: string, version: string) =>
        kind === 'Secret' && (version === 'v1' || version === '');
      for (const { map, path } of kubernetesObjects(document, isSecret)) {
        yield* checkSecret(map, path);
      }
    }
    for (const span of structureOf(source).unparsed) yield* findSecretLines(text, span);
  },
};

interface Judged {
  readonly scalar: Scalar;
  readonly path: TreePath;
  /** The value as an application sees it. */
  readonly text: string;
}

function* checkSecret(map: TreeMap, path: TreePath): Iterable<Problem> {
  if (textOf(map, '$patch') === 'delete') return;
  const plain = [...plainValues(map, path)];
  const sensitive = plain.filter(isSensitive);
  for (const leaf of sensitive) {
    const kind = decryptionKeyKind(map, String(leaf.path.at(-1)));
    yield secretLeaf({
      ...leaf,
      what:
        kind === null
          ? say`a value of a Kubernetes Secret`
          : say`a key that opens other secrets, in a Kubernetes Secret`,
      ...(kind === null ? {} : { kind }),
    });
  }
  const [first] = plain;
  if (sensitive.length > 0 || first === undefined) return;
  yield {
    span: first.scalar.span,
    severity: 'warning',
    treePath: first.path,
    message: say`a Kubernetes Secret in plain text; none of its ${plain.length} values looks secret by itself (the first is ${keyName(String(first.path.at(-1)))})`,
    hint: ENCRYPT_HINT,
  };
}

function* plainValues(map: TreeMap, path: TreePath): Iterable<Judged> {
  for (const field of ['data', 'stringData']) {
    const scalars = childrenOf(map, field).flatMap((tree) => [
      ...scalarsUnder(tree, [...path, field]),
    ]);
    for (const { scalar, path: at } of scalars) {
      if (isNull(scalar) || scalar.value === '') continue;
      const decoded = field === 'data' ? decodedText(scalar.value) : scalar.value;
      const text = (decoded ?? scalar.value).trim();
      const form = formOf(text);
      if (form !== 'plain' && form !== 'password-hash') continue;
      if (form === 'plain' && formOf(scalar.value) !== 'plain') continue;
      if (isPublicMaterial(text)) continue;
      yield { scalar, path: at, text };
    }
  }
}

function* scalarsUnder(tree: Tree, path: TreePath): Iterable<{ scalar: Scalar; path: TreePath }> {
  for (const { key, value } of entriesOf(tree)) {
    if (value.kind === 'scalar') yield { scalar: value, path: [...path, key] };
    else if (key === '<<') {
      for (const merged of [value, ...elementsOf(value)]) yield* scalarsUnder(merged, path);
    }
  }
}

/** Names that are harmless stay so here; other values have to look like configuration to be. */
function isSensitive({ path, text }: Judged): boolean {
  if (formOf(text) === 'password-hash') return false;
  const nameClass = classifyName(String(path.at(-1)));
  if (nameClass === 'password') return !/^(?:true|false)$/i.test(text);
  if (text.includes('\n')) return true;
  if (isConfiguration(text)) return false;
  if (nameClass === 'secret') return text.length >= 4;
  return (nameClass === 'other' || /^keys?$/i.test(String(path.at(-1)))) && isSecretLike(text);
}

/** Keys with which Flux or Sealed Secrets open all the rest. */
function decryptionKeyKind(map: TreeMap, name: string): string | null {
  if (
    /\.(?:agekey|asc)$/.test(name) ||
    /^sops\.(?:vault-token|aws-kms|azure-kv|gcp-kms)$/.test(name)
  ) {
    return 'flux-decryption-key';
  }
  const metadata = child(map, 'metadata');
  const labelled = textOf(
    child(metadata, 'labels'),
    'sealedsecrets.bitnami.com/sealed-secrets-key',
  );
  const named = textOf(metadata, 'name')?.startsWith('sealed-secrets-key') ?? false;
  return name === 'tls.key' && (labelled !== undefined || named) ? 'sealed-secrets-key' : null;
}
