import type { MapNode, TreePath, Value } from '@tidelock/core';
import { childOf, type ManifestFile, manifestError } from './manifest-file.ts';

/** One object of Kubernetes in a file: a document of its own, or an item of a list. */
export interface KubeObject {
  readonly file: ManifestFile;
  /** Index of its document. */
  readonly branch: number;
  /** The way to it within its document. */
  readonly path: TreePath;
  readonly map: MapNode;
  readonly apiVersion: string;
  readonly kind: string;
}

/** Every object of a file, lists taken apart. Documents that are no objects are left out. */
export function objectsOf(file: ManifestFile): readonly KubeObject[] {
  return file.document.branches.flatMap((map, branch) => within(file, { map, branch, path: [] }));
}

function within(
  file: ManifestFile,
  at: Pick<KubeObject, 'map' | 'branch' | 'path'>,
): readonly KubeObject[] {
  const [apiVersion, kind] = [
    asText(childOf(at.map, 'apiVersion')),
    asText(childOf(at.map, 'kind')),
  ];
  const items = childOf(at.map, 'items');
  if (items?.kind === 'list' && kind?.endsWith('List') === true && at.path.length === 0)
    return items.elements.flatMap((item, index) =>
      item.kind === 'map'
        ? within(file, { map: item, branch: at.branch, path: ['items', index] })
        : [],
    );
  return apiVersion === null || kind === null ? [] : [{ file, ...at, apiVersion, kind }];
}

function asText(value: Value | undefined): string | null {
  if (value?.kind !== 'leaf' || value.scalar.type !== 'str') return null;
  return typeof value.scalar.value === 'string' ? value.scalar.value : null;
}

/** How it is called in messages. */
export function nameOfKind({ apiVersion, kind }: KubeObject): string {
  return `${kind} (${apiVersion})`;
}

/**
 * The text of a field; null where there is none.
 * @throws TidelockError ERR_MANIFEST for another type, and for what only a deployment fills in
 */
export function textField({ file, map }: KubeObject, ...keys: readonly string[]): string | null {
  let at: Value | undefined = map;
  for (const key of keys) at = childOf(at, key);
  if (at === undefined || isNull(at)) return null;
  const text = requireText(file, at, keys.join('.'));
  if (isVariable(text))
    throw manifestError(
      file,
      [at, map],
      `${keys.join('.')} is a variable, and the seal needs what it stands for`,
      'Render the template first, or write the value.',
    );
  return text === '' ? null : text;
}

/** @throws TidelockError ERR_MANIFEST for anything but text */
export function requireText(file: ManifestFile, value: Value, what: string): string {
  const text = asText(value);
  if (text !== null) return text;
  throw manifestError(
    file,
    [value],
    `${what} is no text`,
    'Kubernetes takes text alone there: put it in quotes.',
  );
}

/**
 * A map of texts, as labels are; empty where there is none.
 * @throws TidelockError ERR_MANIFEST
 */
export function textMap(
  { file, map }: KubeObject,
  ...keys: readonly string[]
): ReadonlyMap<string, string> {
  let at: Value | undefined = map;
  for (const key of keys) at = childOf(at, key);
  return new Map(
    entriesIn(file, at, keys.join('.')).map(([key, value]) => [
      key,
      requireText(file, value, `${keys.join('.')}.${key}`),
    ]),
  );
}

/** The entries of a map that may be missing. @throws TidelockError ERR_MANIFEST where it is no map */
export function entriesIn(
  file: ManifestFile,
  value: Value | undefined,
  what: string,
): readonly (readonly [string, Value])[] {
  if (value === undefined || isNull(value)) return [];
  if (value.kind !== 'map')
    throw manifestError(file, [value], `${what} is no map`, 'It takes KEY: VALUE lines.');
  return value.items.flatMap((item) => (item.kind === 'entry' ? [[item.key, item.value]] : []));
}

export const isNull = (value: Value) => value.kind === 'leaf' && value.scalar.type === 'null';

/** Filled in by Flux, Helm, Argo CD or a shell. */
const isVariable = (text: string) => /\$\{|\$\(|\{\{|<[a-z%]|\[\[/i.test(text);
