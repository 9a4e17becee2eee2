import { keyName, ownWords, say } from '../../mask.ts';
import { formOf } from '../../placeholder.ts';
import {
  child,
  elementsOf,
  entriesOf,
  type Scalar,
  type Tree,
  type TreeMap,
} from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { type Manifest, spanAt } from '../manifest.ts';

const GROUPS = ['apiserver.config.k8s.io', ''];
const KINDS = ['EncryptionConfiguration', 'EncryptionConfig'];
/** Bytes that a provider's key may have. */
const KEY_LENGTHS: Readonly<Record<string, readonly number[]>> = {
  aescbc: [16, 24, 32],
  aesgcm: [16, 24, 32],
  secretbox: [32],
};

/** Whether the API server encrypts Secrets before it stores them, and with keys that work. */
export function* judgeEncryptionConfig({ tree }: Deployment): Iterable<DeployVerdict> {
  for (const manifest of tree.manifests) {
    const { kind, group } = manifest;
    if (!KINDS.includes(kind) || !GROUPS.includes(group) || manifest.encrypted) continue;
    const resources = elementsOf(child(manifest.map, 'resources'));
    const first = resources.find(coversSecrets);
    if (first === undefined) yield notCovered(manifest);
    else yield* judgeFirst(manifest, first);
    for (const resource of resources) yield* judgeKeys(manifest, resource);
  }
}

const isText = (tree: Tree): tree is Scalar => tree.kind === 'scalar';

function coversSecrets(resource: Tree): boolean {
  const names = elementsOf(child(resource, 'resources')).filter(isText);
  return names.some(({ value }) => ['secrets', '*.', '*.*', 'secrets.'].includes(value));
}

function notCovered({ source, map }: Manifest): DeployVerdict {
  return {
    ruleId: 'deploy/encryption-at-rest',
    source,
    span: spanAt(map, 'resources'),
    kind: 'not-covered',
    message: say`no entry is about secrets: the API server stores them in plain text`,
    hint: say`Add an entry with resources: [secrets] and a provider that encrypts, kms best`,
  };
}

function* judgeFirst({ source }: Manifest, resource: Tree): Iterable<DeployVerdict> {
  const [provider] = elementsOf(child(resource, 'providers'));
  const name = entriesOf(provider)[0]?.key;
  if (provider?.kind === 'map' && name !== undefined && name !== 'identity') return;
  yield {
    ruleId: 'deploy/encryption-at-rest',
    source,
    span: (provider ?? resource).span,
    kind: 'identity-first',
    message: say`identity is the first provider for secrets: the API server stores new ones in plain text`,
    hint: say`Put a provider that encrypts before it, and write every Secret again`,
  };
}

function* judgeKeys({ source }: Manifest, resource: Tree): Iterable<DeployVerdict> {
  for (const provider of elementsOf(child(resource, 'providers'))) {
    for (const { key: name, value } of entriesOf(provider)) {
      const lengths = KEY_LENGTHS[name];
      if (lengths === undefined || value.kind !== 'map') continue;
      for (const key of elementsOf(child(value, 'keys'))) {
        const verdict = key.kind === 'map' ? judgeKey(key, name, lengths) : null;
        if (verdict !== null) yield { ...verdict, source };
      }
    }
  }
}

function judgeKey(
  key: TreeMap,
  provider: string,
  lengths: readonly number[],
): Omit<DeployVerdict, 'source'> | null {
  const secret = child(key, 'secret');
  if (secret?.kind !== 'scalar' || formOf(secret.value) !== 'plain') return null;
  const isBase64 = /^[A-Za-z0-9+/]+={0,2}$/.test(secret.value) && secret.value.length % 4 === 0;
  const length = Buffer.from(secret.value, 'base64').length;
  if (isBase64 && lengths.includes(length)) return null;
  return {
    ruleId: 'deploy/encryption-at-rest',
    span: secret.span,
    kind: 'broken-key',
    value: secret.value,
    message: isBase64
      ? say`a key of ${keyName(provider)} of a length that it does not take: the API server will not start`
      : say`a key of ${keyName(provider)} that is no base64: the API server will not start`,
    hint: say`Make one of ${ownWords(lengths.join(' or '))} bytes, in base64`,
  };
}
