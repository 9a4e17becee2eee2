import { wholeView } from '../../policy/sops-facts.ts';
import { isSopsFile } from '../../sops-file.ts';
import type { Source } from '../../source.ts';
import { structureOf } from '../../structure/structure.ts';
import { textOf } from '../../structure/tree.ts';
import type { FileUse, KustomizeGraph } from '../kustomize-graph.ts';
import { isDisabled } from './judge-resource.ts';

const DECRYPTED = ['resource', 'secret-file', 'secret-env', 'patch'];

/**
 * For each folder an encrypted file that building it reaches. Found from the files upwards, so that
 * a base of many overlays is looked at once.
 */
export function encryptedBelow(graph: KustomizeGraph): ReadonlyMap<string, FileUse> {
  const parents = new Map<string, string[]>();
  const found = new Map<string, FileUse>();
  const waiting: string[] = [];
  for (const { path, children, files } of graph.known) {
    for (const child of children) addTo(parents, child, path);
    const first = files.find(needsDecryption);
    if (first === undefined) continue;
    found.set(path, first);
    waiting.push(path);
  }
  for (const path of waiting) {
    const use = found.get(path);
    for (const parent of parents.get(path) ?? []) {
      if (use === undefined || found.has(parent)) continue;
      found.set(parent, use);
      waiting.push(parent);
    }
  }
  return found;
}

function needsDecryption({ source, reference }: FileUse): boolean {
  return DECRYPTED.includes(reference.use) && isForFlux(source);
}

/** Encrypted, and not for an operator in the cluster that decrypts it itself. */
function isForFlux(source: Source): boolean {
  if (!isSopsFile(source) && wholeView(source) === null) return false;
  return !structureOf(source).documents.some(
    ({ root }) =>
      root.kind === 'map' && (textOf(root, 'kind') === 'SopsSecret' || isDisabled(root)),
  );
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
