import { parseSealedValue } from '@tidelock/core';
import { keyName, say } from '../../mask.ts';
import { child, entriesOf } from '../../structure/tree.ts';
import type { DeployVerdict } from '../deploy-verdict.ts';
import { isVariable, type Manifest, spanAt } from '../manifest.ts';

/** Values that no controller could open, by their form alone. */
export function* judgeSealedValues({ source, map, path }: Manifest): Iterable<DeployVerdict> {
  const spec = child(map, 'spec');
  for (const { key, value } of entriesOf(child(spec, 'encryptedData'))) {
    if (value.kind !== 'scalar' || isVariable(value.value) || isCut(value.value)) continue;
    if (parseSealedValue(value.value) !== null) continue;
    yield {
      ruleId: 'deploy/sealed-secret-value',
      source,
      span: value.span,
      treePath: [...path, 'spec', 'encryptedData', key],
      kind: 'broken',
      value: value.value,
      message: say`${keyName(key)} is not what kubeseal writes: damaged, or never sealed`,
      hint: say`Seal the value again; if it was plain text, change it first`,
    };
  }
  const old = child(spec, 'data');
  if (old === undefined) return;
  yield {
    ruleId: 'deploy/sealed-secret-value',
    source,
    span: spanAt(map, 'spec', 'data'),
    treePath: [...path, 'spec', 'data'],
    severity: 'warning',
    kind: 'old-form',
    message: say`sealed as one blob under spec.data, which controllers refuse unless they are told otherwise`,
    hint: say`Seal it again: every value by itself, under spec.encryptedData`,
  };
}

/** Shown in part, as documentation does. */
const isCut = (value: string) => /\.{2,}$|…$|^<.*>$/s.test(value.trim());
