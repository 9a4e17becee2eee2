import { keyName, say } from '../../mask.ts';
import { formOf } from '../../placeholder.ts';
import { child, entriesOf, isNull } from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import type { Deployment } from '../deployment.ts';
import { isVariable } from '../manifest.ts';

/** What Flux shows in place of a value, and its base64. */
const MASKS = ['**SOPS**', 'KipTT1BTKio='];

/** Secrets that the API server refuses, or that hold the mask in place of the value. */
export function* judgeSecretData({ tree }: Deployment): Iterable<DeployVerdict> {
  for (const { source, map, path } of tree.ofKind('', 'Secret')) {
    for (const field of ['data', 'stringData']) {
      for (const { key, value } of entriesOf(child(map, field))) {
        if (value.kind !== 'scalar' || isNull(value)) continue;
        const base = { source, span: value.span, treePath: [...path, field, key] };
        if (MASKS.includes(value.value.trim()))
          yield {
            ...base,
            ruleId: 'deploy/secret-data',
            kind: 'mask',
            message: say`${keyName(key)} holds the text that Flux shows in place of a value: applied, it is the value`,
            hint: say`Take the file from the commit before, and change it there`,
          };
        else if (field === 'data' && !isBase64(value.value))
          yield {
            ...base,
            ruleId: 'deploy/secret-data',
            kind: 'base64',
            value: value.value,
            message: say`${keyName(key)} is under data, and is no base64: the API server refuses the Secret`,
            hint: say`Encode it, or write it under stringData`,
          };
      }
    }
  }
}

/** What is yet to be filled in may become base64. */
function isBase64(value: string): boolean {
  const form = formOf(value);
  if (form !== 'plain' && form !== 'password-hash') return true;
  if (isVariable(value)) return true;
  const compact = value.replace(/[\r\n]+/g, '');
  return compact.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(compact);
}
