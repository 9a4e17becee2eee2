import {
  parseSealedValue,
  type SealedPlace,
  type SealedValue,
  scopeOfAnnotations,
  type TreePath,
  type Value,
} from '@tidelock/core';
import {
  entriesIn,
  isNull,
  type KubeObject,
  requireText,
  textField,
  textMap,
} from '../manifests/kube-object.ts';
import { descendantOf, type ManifestFile, manifestError } from '../manifests/manifest-file.ts';
import { booleanField } from '../manifests/plain-secret.ts';

export const SEALED_API_VERSION = 'bitnami.com/v1alpha1';

/** One value of a SealedSecret. */
export interface SealedEntry {
  readonly key: string;
  /** As written, line breaks included. */
  readonly text: string;
  readonly sealed: SealedValue;
  readonly node: Value;
  /** The way to it within its document. */
  readonly path: TreePath;
}

/** What the controller makes the Secret from, beside the sealed values. */
export interface SecretTemplate {
  readonly type: string | null;
  readonly immutable: boolean | null;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** Texts that the controller renders with the opened values. */
  readonly data: ReadonlyMap<string, { readonly text: string; readonly node: Value }>;
}

export interface SealedObject {
  readonly object: KubeObject;
  readonly file: ManifestFile;
  readonly name: string;
  readonly namespace: string | null;
  readonly place: SealedPlace;
  readonly entries: readonly SealedEntry[];
  readonly template: SecretTemplate;
}

const GROUP = /^bitnami\.com\//;

export const isSealedSecret = ({ kind, apiVersion }: KubeObject) =>
  kind === 'SealedSecret' && GROUP.test(apiVersion);

/**
 * A SealedSecret with its place and values. `namespace` is for those that name none themselves.
 * @throws TidelockError ERR_MANIFEST for another version, a value that was never sealed, and what its
 * seal needs and is missing
 */
export function sealedObject(object: KubeObject, namespace: string | null = null): SealedObject {
  const { file, map, apiVersion } = object;
  if (apiVersion !== SEALED_API_VERSION)
    throw manifestError(
      file,
      [map],
      `a SealedSecret of the version ${apiVersion.replace(GROUP, '')}, which is not known`,
      `${SEALED_API_VERSION} is.`,
    );
  refuseOldForm(object);
  const place = placeOf(object, namespace);
  const name = place.name;
  return {
    object,
    file,
    name,
    namespace: place.namespace === '' ? null : place.namespace,
    place,
    entries: sealedEntries(object),
    template: templateOf(object),
  };
}

function refuseOldForm({ file, map }: KubeObject): void {
  const old = descendantOf(map, 'spec', 'data');
  if (old === undefined || isNull(old)) return;
  throw manifestError(
    file,
    [old, map],
    'it is sealed as one blob under spec.data, an old form',
    'Have the controller seal it anew: kubeseal --re-encrypt < FILE',
  );
}

function placeOf(object: KubeObject, givenNamespace: string | null): SealedPlace {
  const { file, map } = object;
  const annotations = textMap(object, 'metadata', 'annotations');
  const scope = scopeOfAnnotations((name) => annotations.get(name));
  const name = textField(object, 'metadata', 'name');
  const namespace = textField(object, 'metadata', 'namespace') ?? givenNamespace;
  if (name === null)
    throw manifestError(file, [map], 'the SealedSecret has no name', 'Add metadata.name.');
  if (scope !== 'cluster-wide' && namespace === null)
    throw manifestError(
      file,
      [descendantOf(map, 'metadata'), map],
      `it names no namespace, which is part of the seal of the scope ${scope}`,
      'Add metadata.namespace as it was when it was sealed.',
    );
  return { scope, name, namespace: namespace ?? '' };
}

function sealedEntries({ file, map, path }: KubeObject): readonly SealedEntry[] {
  const values = descendantOf(map, 'spec', 'encryptedData');
  return entriesIn(file, values, 'spec.encryptedData').map(([key, node]) => {
    const text = requireText(file, node, `spec.encryptedData.${key}`);
    const sealed = parseSealedValue(text);
    if (sealed === null)
      throw manifestError(
        file,
        [node, map],
        `${key} is not what kubeseal writes: damaged, or never sealed`,
        'Take it from the history, or seal the value again; if it is plain text, change it first.',
      );
    return { key, text, sealed, node, path: [...path, 'spec', 'encryptedData', key] };
  });
}

function templateOf(object: KubeObject): SecretTemplate {
  const { file, map } = object;
  const data = entriesIn(file, descendantOf(map, 'spec', 'template', 'data'), 'spec.template.data');
  return {
    type: textField(object, 'spec', 'template', 'type'),
    immutable: booleanField(object, 'spec', 'template', 'immutable'),
    labels: textMap(object, 'spec', 'template', 'metadata', 'labels'),
    annotations: textMap(object, 'spec', 'template', 'metadata', 'annotations'),
    data: new Map(
      data.map(([key, node]) => [
        key,
        { text: requireText(file, node, `spec.template.data.${key}`), node },
      ]),
    ),
  };
}
