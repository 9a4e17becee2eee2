import { classifyName } from '../../key-names.ts';
import { keyName, mask, type SafeText, say } from '../../mask.ts';
import { formOf } from '../../placeholder.ts';
import { child, descendant, elementsOf, entriesOf, type Tree } from '../../structure/tree.ts';
import type { FileRule, Problem, TextSpan, TreePath } from '../../types.ts';
import { isSecretLike, suspectClass } from '../../value-test.ts';
import { type Manifest, manifestsOf } from '../manifest.ts';
import { templateLiterals } from '../template-literals.ts';
import { EXTERNAL_SECRETS } from './external-secret.ts';

const HINT = say`Change the value, keep it in the store, and refer to it with {{ .key }}`;

/** Values that stand in an object of External Secrets themselves. */
export const externalSecretLiteral: FileRule = {
  id: 'deploy/external-secret-literal',
  severity: 'error',
  yields: true,
  title: 'A secret written into an ExternalSecret or its store',
  docs: {
    why: 'These objects are to say where secrets are. What is written into a template, a header or the fake provider is in Git as it stands.',
    fix: 'Change the value at its source, keep it in the store, and refer to it.',
    example:
      'spec:\n  target:\n    template:\n      templateFrom:\n        - literal: |\n            password: THE-VALUE-ITSELF',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes(EXTERNAL_SECRETS)) return;
    for (const manifest of manifestsOf(source)) {
      if (manifest.group !== EXTERNAL_SECRETS || manifest.encrypted) continue;
      yield* templates(manifest);
      yield* webhook(manifest);
      yield* fakeData(manifest);
    }
  },
};

interface Reported {
  readonly span: TextSpan;
  readonly path: TreePath;
  readonly value: string;
  readonly message: SafeText;
}

const problem = ({ span, path, value, message }: Reported): Problem => ({
  span,
  treePath: path,
  value,
  message,
  hint: HINT,
});

const SPECS = [['spec'], ['spec', 'externalSecretSpec'], ['spec', 'pushSecretSpec']];

function* templates({ source, map, path }: Manifest): Iterable<Problem> {
  for (const spec of SPECS) {
    for (const at of [['target', 'template'], ['template']]) {
      const way = [...spec, ...at, 'templateFrom'];
      for (const [i, from] of elementsOf(descendant(map, ...way)).entries()) {
        const scalar = child(from, 'literal');
        if (scalar?.kind !== 'scalar') continue;
        for (const { name, value, span } of templateLiterals(source, scalar))
          yield problem({
            span,
            path: [...path, ...way, i, 'literal', name],
            value,
            message: say`a literal value under ${keyName(name)} in a template (${mask(value)})`,
          });
      }
    }
  }
}

function* webhook({ source, map, path }: Manifest): Iterable<Problem> {
  const way = ['spec', 'provider', 'webhook'];
  const provider = descendant(map, ...way);
  for (const { key, value } of entriesOf(child(provider, 'headers'))) {
    if (value.kind !== 'scalar' || value.value.includes('{{')) continue;
    const credential = value.value.replace(/^(?:Bearer|Basic|Token|ApiKey)[ \t]+/i, '');
    if (!isCredential(key, credential)) continue;
    yield problem({
      span: value.span,
      path: [...path, ...way, 'headers', key],
      value: credential,
      message: say`a literal value in the header ${keyName(key)} (${mask(credential)})`,
    });
  }
  for (const field of ['body', 'url']) {
    const scalar: Tree | undefined = child(provider, field);
    if (scalar?.kind !== 'scalar') continue;
    const text = scalar.value.replace(/[?&]/g, '\n');
    for (const { name, value, span } of templateLiterals(source, scalar, text))
      yield problem({
        span,
        path: [...path, ...way, field, name],
        value,
        message: say`a literal value under ${keyName(name)} in the webhook's ${field === 'body' ? say`body` : say`address`} (${mask(value)})`,
      });
  }
}

function isCredential(name: string, value: string): boolean {
  const nameClass = classifyName(name);
  if (nameClass === 'secret') return formOf(value) === 'plain' && isSecretLike(value);
  const suspicion = suspectClass(nameClass, value);
  return suspicion === 'sure' || suspicion === 'weak';
}

/** A store of which every value is in Git. */
function* fakeData({ map, path }: Manifest): Iterable<Problem> {
  const way = ['spec', 'provider', 'fake', 'data'];
  for (const [i, entry] of elementsOf(descendant(map, ...way)).entries()) {
    const scalar = child(entry, 'value');
    if (scalar?.kind !== 'scalar' || formOf(scalar.value) !== 'plain') continue;
    yield {
      ...problem({
        span: scalar.span,
        path: [...path, ...way, i, 'value'],
        value: scalar.value,
        message: say`a value of the provider fake: whatever reads from this store reads it from Git (${mask(scalar.value)})`,
      }),
      severity: 'warning',
    };
  }
}
