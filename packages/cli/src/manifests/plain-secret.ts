import { fromBase64, type Value } from '@tidelock/core';
import {
  entriesIn,
  isNull,
  type KubeObject,
  nameOfKind,
  objectsOf,
  requireText,
  textField,
  textMap,
} from './kube-object.ts';
import { childOf, type ManifestFile, manifestError } from './manifest-file.ts';

/** A Secret in plain text: for memory alone. */
export interface PlainSecret {
  /** Where it was written; missing for one that flags or a seal made. */
  readonly object?: KubeObject;
  readonly name: string | null;
  readonly namespace: string | null;
  readonly type: string | null;
  readonly immutable: boolean | null;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, Uint8Array>;
}

const KEY = /^[-._a-zA-Z0-9]{1,253}$/;

/** @throws TidelockError ERR_MANIFEST where the file holds anything but Secrets */
export function secretsIn(file: ManifestFile): readonly PlainSecret[] {
  const objects = objectsOf(file);
  if (objects.length === 0)
    throw manifestError(
      file,
      file.document.branches,
      'there is no manifest in it',
      'Give a Secret.',
    );
  return objects.map(secretOf);
}

function secretOf(object: KubeObject): PlainSecret {
  const { file, map } = object;
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1')
    throw manifestError(
      file,
      [map],
      `it holds a ${nameOfKind(object)}, and a Secret (v1) is needed`,
      'Give a file of Secrets alone.',
    );
  const values = secretValues(object);
  if (values.size === 0)
    throw manifestError(
      file,
      [map],
      'the Secret has no values',
      'Add them under data or stringData.',
    );
  return {
    object,
    name: textField(object, 'metadata', 'name'),
    namespace: textField(object, 'metadata', 'namespace'),
    type: textField(object, 'type'),
    immutable: booleanField(object, 'immutable'),
    labels: textMap(object, 'metadata', 'labels'),
    annotations: textMap(object, 'metadata', 'annotations'),
    values,
  };
}

/** `stringData` wins over `data`, as the API server has it. */
export function secretValues({ file, map }: KubeObject): ReadonlyMap<string, Uint8Array> {
  const values = new Map<string, Uint8Array>();
  for (const [key, value] of entriesIn(file, childOf(map, 'data'), 'data'))
    values.set(checkedKey(file, key, value), dataBytes(file, key, value));
  for (const [key, value] of entriesIn(file, childOf(map, 'stringData'), 'stringData')) {
    const text = requireText(file, present(file, key, value), `stringData.${key}`);
    if (isPlaceholder(text))
      throw manifestError(
        file,
        [value, map],
        `stringData.${key} is a placeholder, and nothing fills it in once it is sealed`,
        'Render the template first; where the text itself is the value, use data.',
      );
    values.set(checkedKey(file, key, value), Buffer.from(text, 'utf8'));
  }
  return values;
}

function dataBytes(file: ManifestFile, key: string, value: Value): Uint8Array {
  const bytes = fromBase64(requireText(file, present(file, key, value), `data.${key}`));
  if (bytes !== null) return bytes;
  throw manifestError(
    file,
    [value],
    `data.${key} is not base64`,
    'Encode the value, or write it as it is under stringData.',
  );
}

function present(file: ManifestFile, key: string, value: Value): Value {
  if (!isNull(value)) return value;
  throw manifestError(file, [value], `${key} has no value`, 'Write "" for an empty one.');
}

function checkedKey(file: ManifestFile, key: string, value: Value): string {
  if (KEY.test(key) && key !== '.' && !key.startsWith('..')) return key;
  throw manifestError(
    file,
    [value],
    'a key is none that Kubernetes takes',
    'A key has letters, digits, `-`, `_` and `.`, 253 at most.',
  );
}

export function booleanField(
  { file, map }: KubeObject,
  ...keys: readonly string[]
): boolean | null {
  let at: Value | undefined = map;
  for (const key of keys) at = childOf(at, key);
  if (at === undefined || isNull(at)) return null;
  if (at.kind === 'leaf' && at.scalar.type === 'bool') return at.scalar.value;
  throw manifestError(
    file,
    [at],
    `${keys.join('.')} is neither true nor false`,
    'Write true or false.',
  );
}

/** Nothing but one place to fill in. */
const isPlaceholder = (text: string) =>
  /^\s*(?:\{\{[^{}]*\}\}|\$\{[A-Za-z_]\w*\}|\$\([A-Za-z_]\w*\))\s*$/.test(text);
