import {
  child,
  elementsOf,
  entriesOf,
  isVariable,
  type Manifest,
  type Tree,
} from '@tidelock/guard';
import { plainText, requiredText, textMap } from './manifest-text.ts';
import { accountOfRole } from './read-store.ts';
import { LeftToHand, type Need, type RemoteSecret, type RemoteStore } from './remote-secret.ts';

/**
 * The Secret of an ExternalSecret of the archived kubernetes-external-secrets, whose spec was called
 * `secretDescriptor` at first. @throws LeftToHand
 */
export function readOldExternalSecret({ map, name, namespace }: Manifest): RemoteSecret {
  const spec = child(map, 'spec') ?? child(map, 'secretDescriptor');
  const template = child(spec, 'template');
  const store = storeOf(spec);
  const needs = [
    ...elementsOf(child(spec, 'dataFrom')).map((key) => whole(store, key)),
    ...elementsOf(child(spec, 'dataFromWithOptions')).map((one) => wholeWithOptions(store, one)),
    ...elementsOf(child(spec, 'data')).map((one) => value(store, one)),
  ];
  if (needs.length === 0) throw new LeftToHand('it reads nothing');
  const metadata = child(template, 'metadata');
  for (const { key } of entriesOf(template))
    if (key !== 'metadata' && key !== 'type')
      throw new LeftToHand(`its template sets ${key}, which is more than a copy`);
  return {
    name: name ?? '',
    namespace,
    type: plainText(template, 'type') ?? plainText(spec, 'type') ?? 'Opaque',
    labels: textMap(child(metadata, 'labels')),
    annotations: textMap(child(metadata, 'annotations')),
    isImmutable: false,
    needs,
    template: null,
    keepsOthers: true,
  };
}

function storeOf(spec: Tree | undefined): RemoteStore {
  const backend = requiredText(spec, 'backendType');
  if (backend === 'secretsManager')
    return {
      kind: 'aws',
      region: plainText(spec, 'region') ?? '',
      account: accountOfRole(plainText(spec, 'roleArn')),
      prefix: '',
    };
  if (backend !== 'vault')
    throw new LeftToHand(
      `it reads from ${backend}: only AWS Secrets Manager and Vault KV are read here`,
    );
  const version = plainText(spec, 'kvVersion') ?? '2';
  if (version !== '1' && version !== '2') throw new LeftToHand('kvVersion is neither 1 nor 2');
  return {
    kind: 'vault',
    server: null,
    namespace: null,
    mount: null,
    version: version === '1' ? 1 : 2,
  };
}

function value(store: RemoteStore, entry: Tree): Need {
  return {
    kind: 'value',
    secretKey: requiredText(entry, 'name'),
    remote: {
      store,
      key: requiredText(entry, 'key'),
      property: plainText(entry, 'property'),
      version: versionOf(entry),
    },
    decoding: plainText(entry, 'isBinary') === 'true' ? 'Base64' : 'None',
  };
}

function versionOf(entry: Tree): string | null {
  const id = plainText(entry, 'versionId');
  return id === null ? plainText(entry, 'versionStage') : `uuid/${id}`;
}

function whole(store: RemoteStore, key: Tree): Need {
  if (key.kind !== 'scalar' || key.value === '' || isVariable(key.value))
    throw new LeftToHand('an entry of dataFrom is no name of a secret');
  const remote = { store, key: key.value, property: null, version: null };
  return { kind: 'extract', remote, decoding: 'None', conversion: 'None' };
}

function wholeWithOptions(store: RemoteStore, entry: Tree): Need {
  const remote = {
    store,
    key: requiredText(entry, 'key'),
    property: null,
    version: versionOf(entry),
  };
  const decoding = plainText(entry, 'isBinary') === 'true' ? 'Base64' : 'None';
  return { kind: 'extract', remote, decoding, conversion: 'None' };
}
