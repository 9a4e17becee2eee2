import {
  child,
  type Deployment,
  elementsOf,
  entriesOf,
  isVariable,
  type Manifest,
  type Tree,
} from '@tidelock/guard';
import { LeftToHand } from './remote-secret.ts';

const NAME_LABEL = 'kubernetes.io/metadata.name';

/**
 * Where a ClusterExternalSecret makes its Secrets, which only names can say: labels are given in the
 * cluster. @throws LeftToHand
 */
export function clusterNamespaces(
  { tree, contexts }: Deployment,
  { map, source }: Manifest,
): readonly string[] {
  const spec = child(map, 'spec');
  const selectors = [
    child(spec, 'namespaceSelector'),
    ...elementsOf(child(spec, 'namespaceSelectors')),
  ];
  const names = new Set([
    ...scalars(child(spec, 'namespaces')),
    ...selectors.flatMap((selector) => (selector === undefined ? [] : namesIn(selector))),
  ]);
  if (names.size === 0) throw new LeftToHand('it names no namespace');
  const isMoved = contexts
    .ofFile(tree.pathOf(source))
    .some(({ namespace, unknown }) => namespace !== null || unknown);
  if (isMoved) throw new LeftToHand('a kustomization puts its namespace over all of its own');
  return [...names];
}

function namesIn(selector: Tree): readonly string[] {
  const labels = entriesOf(child(selector, 'matchLabels'));
  const expressions = elementsOf(child(selector, 'matchExpressions'));
  const isByName =
    labels.every(({ key }) => key === NAME_LABEL) &&
    expressions.every((one) => text(one, 'key') === NAME_LABEL && text(one, 'operator') === 'In');
  if (!isByName || labels.length + expressions.length !== 1)
    throw new LeftToHand('labels in the cluster decide in which namespaces its Secrets are');
  return [
    ...labels.flatMap(({ value }) => scalarText(value)),
    ...expressions.flatMap((one) => scalars(child(one, 'values'))),
  ];
}

const text = (tree: Tree, key: string) => scalarText(child(tree, key))[0];
const scalars = (tree: Tree | undefined) => elementsOf(tree).flatMap(scalarText);

function scalarText(tree: Tree | undefined): readonly string[] {
  if (tree?.kind !== 'scalar' || tree.value === '') return [];
  if (isVariable(tree.value)) throw new LeftToHand('a namespace is a variable');
  return [tree.value];
}
