import { classifyName } from '../key-names.ts';
import { say } from '../mask.ts';
import { secretLeaf } from '../secret-leaf.ts';
import { kubernetesObjects, plainDocumentsOf } from '../sops-file.ts';
import { child, descendant, elementsOf, entriesOf, type Tree } from '../structure/tree.ts';
import type { FileRule, Problem, TreePath } from '../types.ts';
import { isSecretLike, suspectClass } from '../value-test.ts';

const KINDS = new Set([
  'SealedSecret',
  'ExternalSecret',
  'ClusterExternalSecret',
  'PushSecret',
  'SecretStore',
  'ClusterSecretStore',
  'VaultStaticSecret',
  'VaultDynamicSecret',
  'SopsSecret',
]);

/** Templates of secrets made elsewhere, that hold a value of their own. */
export const secretTemplate: FileRule = {
  id: 'plaintext/secret-template',
  severity: 'error',
  title: 'A literal value in the template of a SealedSecret or ExternalSecret',
  docs: {
    why: 'Only what these objects refer to is protected. Text in their template goes to the cluster, and to every reader, as it stands.',
    fix: 'Seal the value, or keep it in the store and refer to it with {{ .key }}.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !/Secret/.test(text) || !/template|fake|headers/.test(text)) return;
    for (const document of plainDocumentsOf(source)) {
      for (const { map, path } of kubernetesObjects(document, (kind) => KINDS.has(kind))) {
        for (const [keys, tree] of templatesOf(map)) yield* literals(tree, [...path, ...keys]);
        yield* fakeValues(map, path);
      }
    }
  },
};

function templatesOf(map: Tree): [string[], Tree][] {
  const ways = [
    ['spec', 'template', 'data'],
    ['spec', 'template', 'stringData'],
    ['spec', 'target', 'template', 'data'],
    ['spec', 'target', 'template', 'stringData'],
    ['spec', 'externalSecretSpec', 'target', 'template', 'data'],
    ['spec', 'provider', 'vault', 'headers'],
    ['spec', 'provider', 'webhook', 'headers'],
  ];
  return ways.flatMap((keys): [string[], Tree][] => {
    const tree = descendant(map, ...keys);
    return tree === undefined ? [] : [[keys, tree]];
  });
}

function* literals(tree: Tree, path: TreePath): Iterable<Problem> {
  for (const { key, value } of entriesOf(tree)) {
    if (value.kind !== 'scalar' || /\{\{/.test(value.value)) continue;
    const suspicion = suspectClass(classifyName(key), value.value);
    const secret = suspicion === 'sure' || suspicion === 'weak';
    if (!secret && !(suspicion === null && isRandom(value.value))) continue;
    yield secretLeaf({
      scalar: value,
      path: [...path, key],
      what: say`a literal value of a template`,
    });
  }
}

/** Long, of both cases and digits: no text that somebody put into a template. */
function isRandom(value: string): boolean {
  return value.length >= 20 && !/[\s{}]/.test(value) && isSecretLike(value) && /[0-9]/.test(value);
}

/** The provider `fake` of External Secrets holds its values itself. */
function* fakeValues(map: Tree, path: TreePath): Iterable<Problem> {
  const at = ['spec', 'provider', 'fake', 'data'];
  for (const [i, element] of elementsOf(descendant(map, ...at)).entries()) {
    const [key, value] = [child(element, 'key'), child(element, 'value')];
    if (key?.kind !== 'scalar' || value?.kind !== 'scalar') continue;
    const suspicion = suspectClass(classifyName(key.value), value.value);
    if (suspicion !== 'sure' && suspicion !== 'weak') continue;
    yield secretLeaf({
      scalar: value,
      path: [...path, ...at, i, 'value'],
      what: say`a value of the provider fake`,
    });
  }
}
