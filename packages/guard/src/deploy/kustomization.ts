import type { Source } from '../source.ts';
import { structureOf } from '../structure/structure.ts';
import {
  child,
  descendant,
  elementsOf,
  entriesOf,
  type Tree,
  type TreeMap,
  textOf,
} from '../structure/tree.ts';
import type { TextSpan } from '../types.ts';
import { isVariable, knownText } from './manifest.ts';
import { baseName } from './paths.ts';

/** How a kustomization uses a file. Flux decrypts those of the first four kinds, and no other. */
export type Use =
  | 'resource'
  | 'secret-file'
  | 'secret-env'
  | 'patch'
  | 'config-map'
  | 'old-patch'
  | 'helm-values'
  | 'generator';

/** A place in a kustomization that names a file or a folder. */
export interface Reference {
  readonly use: Use;
  /** As written. */
  readonly path: string;
  /** Key of the generated object's data that the file becomes. */
  readonly key: string;
  readonly span: TextSpan;
}

/** A `kustomization.yaml`, read. */
export interface Kustomization {
  readonly source: Source;
  readonly namespace: string | null;
  /** A namespace is set, and is one that only the deployment knows. */
  readonly namespaceUnknown: boolean;
  readonly namePrefix: string;
  readonly nameSuffix: string;
  readonly references: readonly Reference[];
  readonly secrets: readonly GeneratedSecret[];
  /** Texts of patches, those in files left out. */
  readonly inlinePatches: readonly string[];
}

export interface GeneratedSecret {
  readonly name: string;
  readonly namespace: string | null;
  readonly keys: readonly string[];
}

export const KUSTOMIZATION_NAMES: readonly string[] = [
  'kustomization.yaml',
  'kustomization.yml',
  'Kustomization',
];

/** null: of another kind under that name, or not to be read. */
export function readKustomization(source: Source): Kustomization | null {
  return source.derive(read);
}

function read(source: Source): Kustomization | null {
  if (source.mode === '120000' || source.mode === '160000') return null;
  const root = structureOf(source).documents[0]?.root;
  if (root?.kind !== 'map') return null;
  const apiVersion = textOf(root, 'apiVersion') ?? 'kustomize.config.k8s.io/';
  if (!apiVersion.startsWith('kustomize.config.k8s.io/')) return null;
  const secretGenerators = elementsOf(child(root, 'secretGenerator'));
  return {
    source,
    namespace: knownText(root, 'namespace'),
    namespaceUnknown: isVariable(textOf(root, 'namespace') ?? ''),
    namePrefix: textOf(root, 'namePrefix') ?? '',
    nameSuffix: textOf(root, 'nameSuffix') ?? '',
    references: [
      ...plainLists(root),
      ...secretGenerators.flatMap((one) => generated(one, 'secret')),
      ...elementsOf(child(root, 'configMapGenerator')).flatMap((one) => generated(one, 'config')),
      ...patches(root),
      ...helmValues(root),
    ],
    secrets: secretGenerators.flatMap((one) => generatedSecret(one)),
    inlinePatches: inlinePatches(root),
  };
}

const LISTS: readonly (readonly [string, Use])[] = [
  ['resources', 'resource'],
  ['bases', 'resource'],
  ['components', 'resource'],
  ['crds', 'config-map'],
  ['generators', 'generator'],
  ['transformers', 'generator'],
  ['configurations', 'generator'],
];

function plainLists(root: TreeMap): Reference[] {
  return LISTS.flatMap(([name, use]) =>
    elementsOf(child(root, name)).flatMap((element) => referenceTo(element, use)),
  );
}

/** A text of several lines is the object itself. */
function referenceTo(tree: Tree | undefined, use: Use, named?: string): Reference[] {
  if (tree?.kind !== 'scalar' || tree.value === '' || tree.value.includes('\n')) return [];
  const path = tree.value;
  return [{ use, path, key: named ?? baseName(path), span: tree.span }];
}

function generated(generator: Tree, of: 'secret' | 'config'): Reference[] {
  const files = elementsOf(child(generator, 'files')).flatMap((element) => {
    if (element.kind !== 'scalar') return [];
    const [key, path] = splitKey(element.value);
    const use: Use = of === 'secret' ? 'secret-file' : 'config-map';
    return referenceTo({ ...element, value: path }, use, key);
  });
  const envs = elementsOf(child(generator, 'envs')).flatMap((element) =>
    referenceTo(element, of === 'secret' ? 'secret-env' : 'config-map'),
  );
  return [...files, ...envs, ...referenceTo(child(generator, 'env'), 'config-map')];
}

/** `config.json=settings.json.encrypted`: key and path; the name of the file is the key of one alone. */
function splitKey(text: string): readonly [key: string, path: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [baseName(text), text] : [text.slice(0, equals), text.slice(equals + 1)];
}

function generatedSecret(generator: Tree): GeneratedSecret[] {
  const name = knownText(generator, 'name');
  if (name === null) return [];
  const texts = (field: string) =>
    elementsOf(child(generator, field)).flatMap((one) =>
      one.kind === 'scalar' ? [one.value] : [],
    );
  const keys = [...texts('files'), ...texts('literals')].map((text) => splitKey(text)[0]);
  // What a dotenv file holds is not told by its name.
  return texts('envs').length > 0
    ? []
    : [{ name, namespace: knownText(generator, 'namespace'), keys }];
}

function patches(root: TreeMap): Reference[] {
  const withPath = (field: string, use: Use) =>
    elementsOf(child(root, field)).flatMap((one) => referenceTo(child(one, 'path'), use));
  return [
    ...withPath('patches', 'patch'),
    ...withPath('patchesJson6902', 'old-patch'),
    ...withPath('replacements', 'old-patch'),
    ...elementsOf(child(root, 'patchesStrategicMerge')).flatMap((one) =>
      referenceTo(one, 'old-patch'),
    ),
  ];
}

function helmValues(root: TreeMap): Reference[] {
  return elementsOf(child(root, 'helmCharts')).flatMap((chart) => [
    ...referenceTo(child(chart, 'valuesFile'), 'helm-values'),
    ...elementsOf(child(chart, 'additionalValuesFiles')).flatMap((one) =>
      referenceTo(one, 'helm-values'),
    ),
  ]);
}

function inlinePatches(root: TreeMap): string[] {
  return ['patches', 'patchesStrategicMerge']
    .flatMap((field) => elementsOf(child(root, field)))
    .flatMap((one) => (one.kind === 'scalar' ? [one.value] : [textOf(one, 'patch') ?? '']))
    .filter((text) => text.includes('\n'));
}

/** The text of a patch in the spec of a Flux Kustomization. */
export function fluxPatches(map: TreeMap): string[] {
  return elementsOf(descendant(map, 'spec', 'patches')).map((one) => {
    const patch = child(one, 'patch');
    return patch?.kind === 'scalar' ? patch.value : entriesOf(patch).length > 0 ? 'decryption' : '';
  });
}

/** A patch that gives Flux Kustomizations their decryption. */
export function isDecryptionPatch(text: string): boolean {
  return /\bdecryption\b/.test(text);
}
