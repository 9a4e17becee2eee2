import { classifyName } from '../key-names.ts';
import { keyName, mask, say } from '../mask.ts';
import { formOf } from '../placeholder.ts';
import { ENCRYPT_HINT, isPublicMaterial } from '../secret-leaf.ts';
import { plainDocumentsOf } from '../sops-file.ts';
import { child, elementsOf, type Scalar } from '../structure/tree.ts';
import type { FileRule, Problem, TreePath } from '../types.ts';
import { isConfiguration } from '../value-test.ts';

/** `secretGenerator` of a kustomization with the values themselves. */
export const secretGenerator: FileRule = {
  id: 'plaintext/secret-generator',
  severity: 'error',
  title: 'A secretGenerator with literal values',
  docs: {
    why: 'The kustomization is plain text, and so are the literals of the Secret that it generates.',
    fix: 'Put the values into a dotenv file, encrypt that, and name it under envs.',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes('secretGenerator')) return;
    for (const document of plainDocumentsOf(source)) {
      const generators = elementsOf(child(document.root, 'secretGenerator'));
      for (const [i, generator] of generators.entries()) {
        const path = ['secretGenerator', i, 'literals'];
        yield* literals(elementsOf(child(generator, 'literals')).filter(isScalar), path);
      }
    }
  },
};

function isScalar(tree: { kind: string }): tree is Scalar {
  return tree.kind === 'scalar';
}

function* literals(scalars: readonly Scalar[], path: TreePath): Iterable<Problem> {
  for (const scalar of scalars) {
    const at = scalar.value.indexOf('=');
    const name = scalar.value.slice(0, at);
    const value = scalar.value.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2');
    if (at < 1 || formOf(value) !== 'plain' || isPublicMaterial(value)) continue;
    const nameClass = classifyName(name);
    const harmless =
      nameClass === 'identifier' || nameClass === 'about-a-secret' || isConfiguration(value);
    if (harmless && nameClass !== 'password') continue;
    yield {
      span: scalar.span,
      treePath: [...path, name],
      value,
      message: say`a literal of a secretGenerator in plain text under ${keyName(name)} (${mask(value)})`,
      hint: ENCRYPT_HINT,
    };
  }
}
