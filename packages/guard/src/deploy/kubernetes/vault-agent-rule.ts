import { keyName, mask, say } from '../../mask.ts';
import { formOf } from '../../placeholder.ts';
import type { Source } from '../../source.ts';
import { entriesOf, mapsOf, type TreeMap } from '../../structure/tree.ts';
import type { FileRule, Problem, TreePath } from '../../types.ts';
import { manifestsOf } from '../manifest.ts';
import { templateLiterals } from '../template-literals.ts';

const PREFIX = 'vault.hashicorp.com/';
const CREDENTIAL = /^auth-config-(?:.*-)?(?:secret-id|token|password|jwt)$/;

/** Secrets written into the annotations that are to fetch them. */
export const vaultAgentLiteral: FileRule = {
  id: 'deploy/vault-agent-literal',
  severity: 'error',
  yields: true,
  title: 'A secret written into an annotation of the Vault Agent',
  docs: {
    why: 'Only what is between {{ with secret }} and {{ end }} comes from Vault. The rest of the template is in Git, and in every pod, as it stands.',
    fix: 'Change the value, keep it in Vault, and read it there: {{ .Data.data.password }}.',
    example:
      'annotations:\n  vault.hashicorp.com/agent-inject-template-db: |\n    DB_PASSWORD=THE-VALUE-ITSELF',
  },
  *check(source) {
    const text = source.text;
    if (text === null || !text.includes(PREFIX)) return;
    for (const manifest of manifestsOf(source)) {
      if (manifest.encrypted) continue;
      for (const { map, path } of mapsOf(manifest.map, manifest.path)) {
        if (path.at(-1) === 'annotations') yield* annotations(source, map, path);
      }
    }
  },
};

const HINT = say`Change the value, keep it in Vault, and read it in the template: {{ with secret "PATH" }}`;

function* annotations(source: Source, map: TreeMap, path: TreePath): Iterable<Problem> {
  for (const { key, value } of entriesOf(map)) {
    if (!key.startsWith(PREFIX) || value.kind !== 'scalar') continue;
    const name = key.slice(PREFIX.length);
    const base = { span: value.span, hint: HINT };
    if (/^agent-inject-(?:template|command)-/.test(name)) {
      for (const literal of templateLiterals(source, value))
        yield {
          ...base,
          span: literal.span,
          treePath: [...path, key, literal.name],
          value: literal.value,
          message: say`a literal value under ${keyName(literal.name)} in a template of the Vault Agent (${mask(literal.value)})`,
        };
    } else if (CREDENTIAL.test(name) && formOf(value.value) === 'plain')
      yield {
        ...base,
        treePath: [...path, key],
        value: value.value,
        message: say`a login of Vault under ${keyName(name)} (${mask(value.value)})`,
      };
  }
}
