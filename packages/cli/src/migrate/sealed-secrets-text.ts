import { type DeployVerdict, escapeTerminal, plural } from '@tidelock/guard';
import { unifiedDiff } from '../init/unified-diff.ts';
import { printable } from '../terminal.ts';
import type { ByHand, PlannedFile } from './cleartext-plan.ts';
import { byHandLines, commitCommand, fileJson, fileLines, section } from './plan-text.ts';
import type { SealedSecretsPlan } from './sealed-secrets-plan.ts';

export interface SealedSecretsState {
  readonly plan: SealedSecretsPlan;
  readonly isApplied: boolean;
  readonly done: readonly PlannedFile[];
  readonly byHand: readonly ByHand[];
  /** What stands in the way of the files being decrypted where they are applied. */
  readonly deployment: readonly DeployVerdict[];
}

/** For programs: names and places, never a value. */
export function sealedSecretsJson(state: SealedSecretsState): string {
  const { plan, isApplied, done, byHand, deployment } = state;
  const { change } = plan.creation;
  const document = {
    version: 1,
    applied: isApplied,
    files: done.map((file) => fileJson(file, plan.survey.root)),
    config: change === null ? null : unifiedDiff(change),
    by_hand: byHand,
    deployment: deployment.map(({ ruleId, source, message }) => ({
      rule: ruleId,
      path: source.path,
      message: String(message),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** For people. */
export function sealedSecretsText(state: SealedSecretsState): string {
  const { plan, isApplied, done, byHand, deployment } = state;
  const { change } = plan.creation;
  return [
    change === null ? '' : printable(unifiedDiff(change), true),
    ...section(
      `${isApplied ? 'Moved' : 'To move'} from SealedSecrets to sops: ${plural(done.length, 'file')}`,
      done.flatMap(fileLines),
    ),
    ...section(`Left to you: ${plural(byHand.length, 'file')}`, byHand.flatMap(byHandLines)),
    ...section(
      'Before it is applied:',
      deployment.map(
        ({ source, message, ruleId }) =>
          `${escapeTerminal(source.path)}: ${String(message)} [${ruleId}]`,
      ),
    ),
    ...(isApplied && done.length > 0 ? section('Next:', nextSteps(state)) : []),
  ].join('');
}

function nextSteps({ plan, done }: SealedSecretsState): readonly string[] {
  return [
    commitCommand(done, plan.survey.root, 'Move from SealedSecrets to sops'),
    'Once it is applied: the Secrets belong to their SealedSecrets, and go when those are pruned; see the guide.',
    'The history still holds what was sealed: whoever has a key of the controller opens it.',
  ];
}
