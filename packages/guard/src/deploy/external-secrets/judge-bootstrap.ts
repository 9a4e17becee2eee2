import { fileName, keyName, say } from '../../mask.ts';
import { formOf } from '../../placeholder.ts';
import { decodedText } from '../../secret-leaf.ts';
import { child, mapsOf, type Scalar, textOf } from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { effectiveNamespaces, mayMeet } from '../effective-namespace.ts';
import type { Manifest } from '../manifest.ts';
import { EXTERNAL_SECRETS } from './external-secret.ts';

/** The credential that opens a store, in plain text in the same repository. */
export function* judgeBootstrap(deployment: Deployment): Iterable<DeployVerdict> {
  const { tree } = deployment;
  const reported = new Set<Scalar>();
  const stores = ['SecretStore', 'ClusterSecretStore'].flatMap((kind) =>
    tree.ofKind(EXTERNAL_SECRETS, kind),
  );
  for (const store of stores) {
    for (const { name, key, namespace } of selectorsOf(store)) {
      for (const secret of tree.named('Secret', name)) {
        if (secret.encrypted || !isInReach(deployment, { store, secret, namespace })) continue;
        const value = plainValue(secret, key);
        if (value === null || reported.has(value)) continue;
        reported.add(value);
        yield {
          ruleId: 'deploy/external-secret-bootstrap',
          source: secret.source,
          span: value.span,
          treePath: [...secret.path, 'data', key],
          value: value.value,
          message: say`${keyName(key)} opens the store in ${fileName(store.source.path)}, and is in plain text: so is every secret in that store`,
          hint: say`Revoke the credential, then encrypt its successor: tidelock encrypt -i FILE`,
        };
      }
    }
  }
}

interface Selector {
  readonly name: string;
  readonly key: string;
  readonly namespace: string | undefined;
}

/** Every `…Ref: {name, key}` under the provider. */
function* selectorsOf({ map }: Manifest): Iterable<Selector> {
  const provider = child(child(map, 'spec'), 'provider');
  if (provider === undefined) return;
  for (const { map: found, path } of mapsOf(provider)) {
    const [name, key] = [textOf(found, 'name'), textOf(found, 'key')];
    if (name === undefined || key === undefined || !/ref$/i.test(String(path.at(-1)))) continue;
    yield { name, key, namespace: textOf(found, 'namespace') };
  }
}

function isInReach(
  deployment: Deployment,
  {
    store,
    secret,
    namespace,
  }: { store: Manifest; secret: Manifest; namespace: string | undefined },
): boolean {
  const there = effectiveNamespaces(deployment, secret);
  if (namespace !== undefined) return mayMeet(new Set([namespace]), there);
  return store.kind !== 'SecretStore' || mayMeet(effectiveNamespaces(deployment, store), there);
}

function plainValue({ map }: Manifest, key: string): Scalar | null {
  for (const field of ['stringData', 'data']) {
    const value = child(child(map, field), key);
    if (value?.kind !== 'scalar') continue;
    const text = field === 'data' ? decodedText(value.value) : value.value;
    if (text !== null && formOf(text) === 'plain' && formOf(value.value) === 'plain') return value;
  }
  return null;
}
