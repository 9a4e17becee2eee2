import { keyName, say } from '../../mask.ts';
import {
  child,
  descendant,
  elementsOf,
  type Scalar,
  type Tree,
  textOf,
} from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { isVariable, spanAt } from '../manifest.ts';
import { type StoreUser, storeUsers } from './external-secret.ts';

/** Whether a secret that is rotated in the store ever arrives. */
export function* judgeRefresh({ tree }: Deployment): Iterable<DeployVerdict> {
  for (const user of storeUsers(tree)) {
    if (user.manifest.kind.endsWith('PushSecret')) continue;
    const entries = ['data', 'dataFrom'].flatMap((name) => elementsOf(child(user.spec, name)));
    if (entries.some((one) => remoteOf(one) !== undefined)) yield* judgePolicy(user);
    for (const entry of entries) yield* judgeVersion(user, entry);
    yield* judgeNames(user);
  }
}

function remoteOf(entry: Tree): Tree | undefined {
  return child(entry, 'remoteRef') ?? child(entry, 'extract') ?? child(entry, 'find');
}

function* judgePolicy({ manifest, spec, specPath }: StoreUser): Iterable<DeployVerdict> {
  const policy = textOf(spec, 'refreshPolicy');
  const interval = textOf(spec, 'refreshInterval');
  const once = policy === 'CreatedOnce' || policy === 'OnChange';
  const never = interval !== undefined && /^0+(?:\.0+)?(?:ns|us|ms|s|m|h)?$/.test(interval);
  if (!once && !never) return;
  const field = once ? 'refreshPolicy' : 'refreshInterval';
  yield {
    ruleId: 'deploy/external-secret-stale',
    source: manifest.source,
    span: spanAt(manifest.map, ...specPath, field),
    treePath: [...manifest.path, ...specPath, field],
    kind: 'never',
    message: once
      ? say`read from the store once, or when this manifest changes: what is rotated there does not arrive`
      : say`never read from the store again: what is rotated there does not arrive`,
    hint: say`Write refreshPolicy: Periodic with a refreshInterval, as 1h`,
  };
}

/** Stages of AWS and `latest` move along; anything else stays what it is. */
function* judgeVersion({ manifest }: StoreUser, entry: Tree): Iterable<DeployVerdict> {
  const version = child(remoteOf(entry), 'version');
  if (version?.kind !== 'scalar' || version.value === '') return;
  if (isVariable(version.value) || /^(?:AWS[A-Z]+|latest)$/i.test(version.value)) return;
  yield {
    ruleId: 'deploy/external-secret-stale',
    source: manifest.source,
    span: version.span,
    kind: 'pinned',
    message: say`bound to one version of the secret: what is rotated in the store does not arrive`,
    hint: say`Take version out, so that the current one is read`,
  };
}

/** Of two entries for one key the last one counts, in silence. */
function* judgeNames({ manifest, spec }: StoreUser): Iterable<DeployVerdict> {
  const seen = new Set<string>();
  for (const entry of elementsOf(child(spec, 'data'))) {
    const key: Tree | undefined = child(entry, 'secretKey');
    if (!isText(key)) continue;
    if (seen.has(key.value))
      yield {
        ruleId: 'deploy/external-secret-target',
        source: manifest.source,
        span: key.span,
        kind: 'twice',
        message: say`${keyName(key.value)} is filled twice: the last entry counts`,
        hint: say`Take one of the two out`,
      };
    seen.add(key.value);
  }
}

const isText = (tree: Tree | undefined): tree is Scalar => tree?.kind === 'scalar';

/** The Secret that an ExternalSecret makes and owns; null: it owns none, or the name is not known. */
export function ownedTarget({ manifest, spec }: StoreUser): string | null {
  const policy = textOf(child(spec, 'target'), 'creationPolicy') ?? 'Owner';
  if (policy !== 'Owner') return null;
  const name = textOf(descendant(spec, 'target'), 'name') ?? manifest.name;
  return name === null || isVariable(name) ? null : name;
}
