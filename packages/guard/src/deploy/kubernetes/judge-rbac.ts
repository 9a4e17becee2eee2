import { keyName, ownWords, type SafeText, say } from '../../mask.ts';
import {
  child,
  descendant,
  elementsOf,
  entriesOf,
  type Tree,
  type TreeMap,
  textOf,
} from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { isVariable, type Manifest, spanAt } from '../manifest.ts';

const RBAC = 'rbac.authorization.k8s.io';
/** Roles of every cluster that read Secrets. */
const BUILT_IN = ['cluster-admin', 'admin', 'edit'];
/** Subjects that are as good as everybody. */
const EVERYBODY = [
  'system:authenticated',
  'system:unauthenticated',
  'system:anonymous',
  'system:serviceaccounts',
];

/** Who may read every Secret of the cluster. */
export function* judgeRbac({ tree }: Deployment): Iterable<DeployVerdict> {
  for (const binding of tree.ofKind(RBAC, 'ClusterRoleBinding')) {
    const name = textOf(child(binding.map, 'roleRef'), 'name') ?? '';
    const roles = tree.named('ClusterRole', name).filter(({ group }) => group === RBAC);
    const reading = roles.find(({ map }) => aggregated(tree, map).some(readsSecrets));
    if (reading === undefined && !BUILT_IN.includes(name)) continue;
    const subjects = elementsOf(child(binding.map, 'subjects'));
    if (subjects.length === 0 || subjects.every(isOfTheCluster)) continue;
    yield report(binding, subjects, name);
  }
}

/** The role with those whose rules the cluster adds to it, by their labels. */
function aggregated(tree: Deployment['tree'], role: TreeMap): readonly TreeMap[] {
  const selectors = elementsOf(descendant(role, 'aggregationRule', 'clusterRoleSelectors'));
  if (selectors.length === 0) return [role];
  const parts = tree
    .ofKind(RBAC, 'ClusterRole')
    .filter(({ map }) => selectors.some((selector) => selects(selector, map)));
  return [role, ...parts.map(({ map }) => map)];
}

/** By equal labels alone; a selector of another form selects nothing that is known here. */
function selects(selector: Tree, role: TreeMap): boolean {
  const wanted = entriesOf(child(selector, 'matchLabels'));
  if (wanted.length === 0 || child(selector, 'matchExpressions') !== undefined) return false;
  const labels = descendant(role, 'metadata', 'labels');
  return wanted.every(
    ({ key, value }) => value.kind === 'scalar' && textOf(labels, key) === value.value,
  );
}

function readsSecrets(role: TreeMap): boolean {
  return elementsOf(child(role, 'rules')).some(
    (rule) =>
      holds(rule, 'apiGroups', ['', '*']) &&
      holds(rule, 'resources', ['secrets', '*']) &&
      holds(rule, 'verbs', ['get', 'list', 'watch', '*']) &&
      elementsOf(child(rule, 'resourceNames')).length === 0,
  );
}

function holds(rule: Tree, field: string, wanted: readonly string[]): boolean {
  return elementsOf(child(rule, field)).some(
    (one) => one.kind === 'scalar' && wanted.includes(one.value),
  );
}

/** What the cluster itself is made of. */
function isOfTheCluster(subject: Tree): boolean {
  const name = textOf(subject, 'name') ?? '';
  return (
    (name.startsWith('system:') && !isEverybody(name)) ||
    textOf(subject, 'namespace') === 'kube-system'
  );
}

const isEverybody = (name: string) =>
  EVERYBODY.includes(name) || name.startsWith('system:serviceaccounts:');

function report(binding: Manifest, subjects: readonly Tree[], role: string): DeployVerdict {
  const names = subjects.map((subject) => textOf(subject, 'name') ?? '');
  const everybody = names.some(isEverybody);
  const isFlux =
    textOf(descendant(binding.map, 'metadata', 'labels'), 'app.kubernetes.io/part-of') === 'flux';
  const [severity] = everybody ? (['error'] as const) : isFlux ? (['note'] as const) : [];
  return {
    ruleId: 'deploy/rbac-reads-secrets',
    source: binding.source,
    span: spanAt(binding.map, 'roleRef', 'name'),
    treePath: [...binding.path, 'roleRef'],
    kind: everybody ? 'everybody' : 'cluster-wide',
    ...(severity === undefined ? {} : { severity }),
    message: say`${shown(names)} can read every Secret of the cluster, by ${isVariable(role) ? say`this role` : keyName(role)}`,
    hint: say`Bind a Role in the namespaces that it is about, or list the Secrets under resourceNames`,
  };
}

function shown(names: readonly string[]): SafeText {
  const [first = ''] = names;
  return names.length === 1
    ? keyName(first)
    : say`${keyName(first)} and ${names.length - 1} other subject${ownWords(names.length === 2 ? '' : 's')}`;
}
