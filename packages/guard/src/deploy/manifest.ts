import { looksLikeBlock } from '../sops-file.ts';
import type { Source } from '../source.ts';
import { structureOf } from '../structure/structure.ts';
import { child, elementsOf, type Scalar, type Tree, type TreeMap } from '../structure/tree.ts';
import type { TextSpan, TreePath } from '../types.ts';

/** One object of Kubernetes in a file: a document of its own, or an item of a list. */
export interface Manifest {
  readonly source: Source;
  readonly map: TreeMap;
  /** The way to it within its document. */
  readonly path: TreePath;
  /** Before the slash of `apiVersion`; empty for the core objects. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** null: none, or not readable as one (encrypted, a variable). */
  readonly name: string | null;
  readonly namespace: string | null;
  /** Carries a sops block. */
  readonly encrypted: boolean;
}

const MARK = Buffer.from('apiVersion');
const NAMES = /\.(?:ya?ml|json)$/i;

/** The objects of a file. Only bytes are looked at where `apiVersion` is not among them. */
export function manifestsOf(source: Source): readonly Manifest[] {
  return source.derive(readManifests);
}

function readManifests(source: Source): readonly Manifest[] {
  if (!mayHoldManifests(source)) return [];
  return structureOf(source).documents.flatMap(({ root }) => [...objectsIn(source, root, [])]);
}

/** Kinds that say something of how secrets are deployed, as they are written; lists hold any. */
const KINDS =
  /["']?kind["']?[ \t]{0,20}:\s{0,20}["']?(?:[A-Za-z]{0,30}(?:Secret[A-Za-z]{0,30}|List)|Kustomization|Application(?:Set)?|ksops|ClusterRole(?:Binding)?|EncryptionConfig(?:uration)?|GitRepository|Namespace)\b/;

/** Objects of those kinds. A file without any is not parsed: most of a repository are others. */
export function judgedManifestsOf(source: Source): readonly Manifest[] {
  return mayHoldManifests(source) && KINDS.test(source.text ?? '') ? manifestsOf(source) : [];
}

/** Whether the file has the name and the mark of manifests. */
export function mayHoldManifests(source: Source): boolean {
  return NAMES.test(source.path) && hasText(source, MARK);
}

/** Looks at bytes, before anything is decoded. */
export function hasText({ bytes, mode }: Source, text: Buffer): boolean {
  if (mode === '120000' || mode === '160000') return false;
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes(text);
}

function* objectsIn(source: Source, root: Tree, path: TreePath): Iterable<Manifest> {
  if (root.kind !== 'map') return;
  const apiVersion = scalarText(root, 'apiVersion');
  const kind = scalarText(root, 'kind');
  const items = child(root, 'items');
  if (kind?.endsWith('List') === true && items?.kind === 'list' && path.length === 0) {
    for (const [i, item] of elementsOf(items).entries())
      yield* objectsIn(source, item, ['items', i]);
    return;
  }
  if (apiVersion === null || kind === null) return;
  const slash = apiVersion.lastIndexOf('/');
  const metadata = child(root, 'metadata');
  yield {
    source,
    map: root,
    path,
    group: slash === -1 ? '' : apiVersion.slice(0, slash),
    version: apiVersion.slice(slash + 1),
    kind,
    name: knownText(metadata, 'name'),
    namespace: knownText(metadata, 'namespace'),
    encrypted: looksLikeBlock(child(root, 'sops')),
  };
}

function scalarText(tree: Tree | undefined, key: string): string | null {
  const found = child(tree, key);
  return found?.kind === 'scalar' && found.value !== '' ? found.value : null;
}

/** Text that says what it will be: no variable, no template, no ciphertext. */
export function knownText(tree: Tree | undefined, key: string): string | null {
  const text = scalarText(tree, key);
  return text === null || isVariable(text) ? null : text;
}

/** What only the deployment fills in. */
export function isVariable(text: string): boolean {
  return /\$\{|\$\(|\{\{|<[a-z%]|^ENC\[AES256_GCM|\[\[/i.test(text);
}

/** Where a field stands: its value, or the object's first key where there is no such field. */
export function spanAt(map: TreeMap, ...keys: readonly string[]): TextSpan {
  let at: Tree = map;
  for (const key of keys) {
    const next = child(at, key);
    if (next === undefined) break;
    at = next;
  }
  if (at.kind === 'scalar') return at.span;
  return firstLine(at);
}

function firstLine(tree: Exclude<Tree, Scalar>): TextSpan {
  if (tree.kind === 'map') return tree.entries[0]?.keySpan ?? tree.span;
  const [first] = tree.elements;
  return first === undefined ? tree.span : first.kind === 'scalar' ? first.span : firstLine(first);
}
