import type { Source } from './source.ts';
import { type StructuredDocument, structureOf } from './structure/structure.ts';
import { child, mapsOf, type Tree, type TreeMap, textOf } from './structure/tree.ts';

/** Names of lists of master keys in a sops block (SOPS-FORMAT 5). */
export const KEY_LISTS = [
  'age',
  'azure_kv',
  'gcp_kms',
  'hc_vault',
  'hckms',
  'key_groups',
  'kms',
  'pgp',
];

/** Whether a map has what a sops block has: at least two of its typical entries. */
export function looksLikeBlock(tree: Tree | undefined): tree is TreeMap {
  if (tree?.kind !== 'map') return false;
  const typical = ['mac', 'lastmodified', 'version', 'unencrypted_suffix', ...KEY_LISTS];
  return typical.filter((name) => child(tree, name) !== undefined).length >= 2;
}

export interface SopsDocument {
  readonly document: StructuredDocument;
  readonly block: TreeMap;
}

/** The documents of a YAML or JSON file that carry a sops block. */
export function sopsDocumentsOf(source: Source): readonly SopsDocument[] {
  return source.derive(findSopsDocuments);
}

function findSopsDocuments(source: Source): readonly SopsDocument[] {
  const text = source.text;
  if (text === null || !text.includes('sops')) return [];
  return structureOf(source).documents.flatMap((document) => {
    const block = child(document.root, 'sops');
    return looksLikeBlock(block) ? [{ document, block }] : [];
  });
}

/** Whether sops has written this file, in any of its formats. */
export function isSopsFile(source: Source): boolean {
  return source.derive(detectSopsFile);
}

function detectSopsFile(source: Source): boolean {
  const text = source.text;
  if (text === null || !text.includes('sops')) return false;
  if (/^sops_(?:mac|lastmodified|version)\s{0,4}=/m.test(text)) return true;
  if (/^\[sops\]\s*$/m.test(text) && /^(?:mac|lastmodified)[ \t]*=/m.test(text)) return true;
  return sopsDocumentsOf(source).length > 0;
}

/** Documents that somebody might take for plain: those of a file without any sops block. */
export function plainDocumentsOf(source: Source): readonly StructuredDocument[] {
  const encrypted = new Set(sopsDocumentsOf(source).map(({ document }) => document));
  return structureOf(source).documents.filter((document) => !encrypted.has(document));
}

/** Objects of Kubernetes of one kind, wherever they stand: items of lists and embedded ones too. */
export function* kubernetesObjects(
  document: StructuredDocument,
  kind: (kind: string, apiVersion: string) => boolean,
): Iterable<{ map: TreeMap; path: readonly (string | number)[] }> {
  for (const found of mapsOf(document.root)) {
    const name = textOf(found.map, 'kind');
    if (name === undefined) continue;
    if (kind(name, textOf(found.map, 'apiVersion') ?? '')) yield found;
  }
}
