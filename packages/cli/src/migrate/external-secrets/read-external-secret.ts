import {
  child,
  type Deployment,
  elementsOf,
  entriesOf,
  type Manifest,
  type Tree,
} from '@tidelock/guard';
import { plainText, requiredText, textMap, wordOf } from './manifest-text.ts';
import { storeOf } from './read-store.ts';
import { readTemplate } from './read-template.ts';
import { LeftToHand, type Need, type Remote, type RemoteSecret } from './remote-secret.ts';

/**
 * The Secret of an ExternalSecret (external-secrets.io v1, v1beta1), without a namespace of its own.
 * @param spec of the ExternalSecret, or the one within a ClusterExternalSecret
 * @throws LeftToHand
 */
export function readExternalSecret(
  deployment: Deployment,
  manifest: Manifest,
  spec: Tree | undefined,
): RemoteSecret {
  const target = child(spec, 'target');
  requireOwner(plainText(target, 'creationPolicy') ?? 'Owner');
  if (child(target, 'manifest') !== undefined)
    throw new LeftToHand('it makes an object of another kind than Secret');
  const read = new NeedReader(deployment, manifest, spec);
  const needs = [
    ...elementsOf(child(spec, 'dataFrom')).map((one) => read.from(one)),
    ...elementsOf(child(spec, 'data')).map((one) => read.value(one)),
  ];
  if (needs.length === 0) throw new LeftToHand('it reads nothing');
  return {
    name: plainText(target, 'name') ?? nameOf(manifest),
    namespace: manifest.namespace,
    isImmutable: plainText(target, 'immutable') === 'true',
    needs,
    ...readTemplate(target, metadataOf(manifest, spec)),
  };
}

/** A ClusterExternalSecret says what its ExternalSecrets are called. */
function nameOf({ map, kind, name }: Manifest): string {
  const given =
    kind === 'ClusterExternalSecret' ? plainText(child(map, 'spec'), 'externalSecretName') : null;
  return given ?? name ?? '';
}

/** And how they are labelled. */
function metadataOf({ map, kind }: Manifest, spec: Tree | undefined): Tree | undefined {
  if (kind !== 'ClusterExternalSecret') return child(map, 'metadata');
  return spec === undefined ? undefined : child(child(map, 'spec'), 'externalSecretMetadata');
}

function requireOwner(policy: string): void {
  if (policy === 'Owner' || policy === 'Orphan') return;
  throw new LeftToHand(
    policy === 'None'
      ? 'it makes no Secret (creationPolicy: None)'
      : `it adds to a Secret that somebody else makes (creationPolicy: ${policy})`,
  );
}

const DECODINGS = ['None', 'Base64', 'Base64URL', 'Auto'] as const;
const CONVERSIONS = ['Default', 'Unicode', 'None'] as const;

class NeedReader {
  readonly #deployment: Deployment;
  readonly #manifest: Manifest;
  readonly #spec: Tree | undefined;

  constructor(deployment: Deployment, manifest: Manifest, spec: Tree | undefined) {
    this.#deployment = deployment;
    this.#manifest = manifest;
    this.#spec = spec;
  }

  value(entry: Tree): Need {
    const secretKey = requiredText(entry, 'secretKey');
    const reference = child(entry, 'remoteRef');
    if (reference === undefined)
      throw new LeftToHand(`${secretKey} comes from a generator, not from a store`);
    return {
      kind: 'value',
      secretKey,
      remote: this.#remote(entry, reference),
      decoding: wordOf(reference, 'decodingStrategy', DECODINGS),
    };
  }

  from(entry: Tree): Need {
    if (elementsOf(child(entry, 'rewrite')).length > 0)
      throw new LeftToHand('it renames keys (dataFrom.rewrite)');
    const [extract, find] = [child(entry, 'extract'), child(entry, 'find')];
    if (extract !== undefined)
      return {
        kind: 'extract',
        remote: this.#remote(entry, extract),
        ...strategiesOf(extract),
      };
    if (find === undefined)
      throw new LeftToHand('it takes values from a generator, not from a store');
    const name = plainText(child(find, 'name'), 'regexp');
    const tags = textMap(child(find, 'tags'));
    if ((name === null) === (tags.size === 0))
      throw new LeftToHand('dataFrom.find needs either a name or tags');
    return {
      kind: 'find',
      store: this.#store(entry),
      name,
      tags,
      path: plainText(find, 'path'),
      ...strategiesOf(find),
    };
  }

  #remote(entry: Tree, reference: Tree): Remote {
    if (plainText(reference, 'metadataPolicy') === 'Fetch')
      throw new LeftToHand('it reads tags of a secret, not its value (metadataPolicy: Fetch)');
    return {
      store: this.#store(entry),
      key: requiredText(reference, 'key'),
      property: plainText(reference, 'property'),
      version: plainText(reference, 'version'),
    };
  }

  #store(entry: Tree) {
    const source = child(entry, 'sourceRef');
    if (entriesOf(source).some(({ key }) => key !== 'storeRef'))
      throw new LeftToHand('it takes values from a generator, not from a store');
    const reference = child(source, 'storeRef') ?? child(this.#spec, 'secretStoreRef');
    return storeOf(this.#deployment, this.#manifest, reference);
  }
}

const strategiesOf = (reference: Tree) => ({
  decoding: wordOf(reference, 'decodingStrategy', DECODINGS),
  conversion: wordOf(reference, 'conversionStrategy', CONVERSIONS),
});
