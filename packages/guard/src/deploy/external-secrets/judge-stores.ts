import { compileRegex, nearestWord, TidelockError } from '@tidelock/core';
import { keyName, ownWords, say } from '../../mask.ts';
import { child, elementsOf, entriesOf, type Scalar, textOf } from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { effectiveNamespaces, mayMeet } from '../effective-namespace.ts';
import { type Manifest, spanAt } from '../manifest.ts';
import {
  EXTERNAL_SECRETS,
  type StoreReference,
  type StoreUser,
  storesNamedBy,
  storeUsers,
} from './external-secret.ts';

/** Whether the stores that are named exist, and may be used from where they are named. */
export function* judgeStores(deployment: Deployment): Iterable<DeployVerdict> {
  for (const user of storeUsers(deployment.tree)) {
    for (const reference of storesNamedBy(user)) {
      const verdict = judgeReference(deployment, user, reference);
      if (verdict !== null) yield verdict;
    }
  }
}

function judgeReference(
  deployment: Deployment,
  { manifest }: StoreUser,
  { kind, name, tree }: StoreReference,
): DeployVerdict | null {
  const base = {
    ruleId: 'deploy/external-secret-store' as const,
    source: manifest.source,
    span: tree.kind === 'map' ? spanAt(tree, 'name') : tree.span,
  };
  if (kind !== 'SecretStore' && kind !== 'ClusterSecretStore')
    return {
      ...base,
      kind: 'kind',
      message: say`a store of a kind that does not exist`,
      hint: say`Write SecretStore or ClusterSecretStore`,
    };
  const all = deployment.tree.ofKind(EXTERNAL_SECRETS, kind);
  const stores = deployment.tree
    .named(kind, name)
    .filter(({ group }) => group === EXTERNAL_SECRETS);
  if (stores.length === 0) {
    if (all.length === 0) return null;
    return { ...base, ...missing(deployment, manifest, { kind, name, all }) };
  }
  if (manifest.kind.startsWith('Cluster')) return null;
  const from = effectiveNamespaces(deployment, manifest);
  if (kind === 'SecretStore') {
    if (stores.some((store) => mayMeet(from, effectiveNamespaces(deployment, store)))) return null;
    return {
      ...base,
      kind: 'namespace',
      message: say`the SecretStore ${keyName(name)} is in another namespace, from which it cannot be used`,
      hint: say`Use a ClusterSecretStore, or put both into one namespace`,
    };
  }
  if (from === null || stores.some((store) => mayUse(deployment, store, from))) return null;
  return {
    ...base,
    kind: 'condition',
    message: say`the conditions of the ClusterSecretStore ${keyName(name)} leave this namespace out`,
    hint: say`Add the namespace to spec.conditions of the store, or use another store`,
  };
}

/** It may well be elsewhere: a note, unless the name is nearly right or the object is surely applied. */
function missing(
  { tree, contexts }: Deployment,
  manifest: Manifest,
  {
    kind,
    name,
    all,
  }: { readonly kind: string; readonly name: string; readonly all: readonly Manifest[] },
): Pick<DeployVerdict, 'kind' | 'severity' | 'message' | 'hint'> {
  const near = all.slice(0, MOST_COMPARED).flatMap((store) => store.name ?? []);
  const nearest = nearestWord(name, near);
  const other = kind === 'SecretStore' ? 'ClusterSecretStore' : 'SecretStore';
  const isOther = tree.named(other, name).some(({ group }) => group === EXTERNAL_SECRETS);
  const isBuilt = contexts.ofFile(tree.pathOf(manifest.source)).length > 0;
  const hint = isOther
    ? say`It is a ${ownWords(other)}: correct the kind`
    : nearest === null
      ? say`Correct the name, or add the store`
      : say`Did you mean ${keyName(nearest)}?`;
  return {
    kind: 'missing',
    severity: nearest !== null || isOther || isBuilt ? 'warning' : 'note',
    message: say`no ${ownWords(kind)} of the name ${keyName(name)} is in this repository, and ${all.length} of other names are`,
    hint,
  };
}

/** Names that a misspelt one is compared with. */
const MOST_COMPARED = 100;

/** Any one condition is enough; what depends on labels that are not known here counts as met. */
function mayUse(deployment: Deployment, store: Manifest, from: ReadonlySet<string>): boolean {
  const conditions = elementsOf(child(child(store.map, 'spec'), 'conditions'));
  if (conditions.length === 0) return true;
  return [...from].some((namespace) =>
    conditions.some((condition) => {
      const names = elementsOf(child(condition, 'namespaces')).filter(isScalar);
      if (names.some(({ value }) => value === namespace)) return true;
      const patterns = elementsOf(child(condition, 'namespaceRegexes')).filter(isScalar);
      if (patterns.some(({ value }) => matches(value, namespace))) return true;
      const selector = child(condition, 'namespaceSelector');
      return selector !== undefined && selectorMayMatch(deployment, selector, namespace);
    }),
  );
}

const isScalar = (tree: { kind: string }): tree is Scalar => tree.kind === 'scalar';

/** What is no expression of ours may be one of theirs. */
function matches(pattern: string, text: string): boolean {
  try {
    return compileRegex(pattern)(text);
  } catch (error) {
    if (error instanceof TidelockError) return true;
    throw error;
  }
}

function selectorMayMatch(
  { tree }: Deployment,
  selector: NonNullable<ReturnType<typeof child>>,
  namespace: string,
): boolean {
  const [known] = tree.named('Namespace', namespace);
  if (known === undefined || child(selector, 'matchExpressions') !== undefined) return true;
  const labels = child(child(known.map, 'metadata'), 'labels');
  return entriesOf(child(selector, 'matchLabels')).every(
    ({ key, value }) =>
      (key === 'kubernetes.io/metadata.name' ? namespace : textOf(labels, key)) ===
      (value.kind === 'scalar' ? value.value : ''),
  );
}
