import { escapeTerminal, plural, shellWord } from '@tidelock/guard';
import { unifiedDiff } from '../init/unified-diff.ts';
import { printable } from '../terminal.ts';
import type { ByHand, CleartextPlan, PlannedFile } from './cleartext-plan.ts';
import type { History } from './history.ts';

export interface PlanState {
  readonly plan: CleartextPlan;
  readonly isApplied: boolean;
  readonly done: readonly PlannedFile[];
  readonly byHand: readonly ByHand[];
}

/** For programs: names and places, never a value. */
export function planJson({ plan, isApplied, done, byHand }: PlanState): string {
  const { creation, history } = plan;
  const document = {
    version: 1,
    applied: isApplied,
    files: done.map((file) => fileJson(file, plan.survey.root)),
    config: creation.change === null ? null : unifiedDiff(creation.change),
    by_hand: byHand,
    history: {
      shallow: history.isShallow,
      commits: history.commits,
      blobs: history.blobs,
      rewrite: rewriteCommand(history),
    },
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

export function fileJson({ source, values, rule, readers, found }: PlannedFile, root: string) {
  return {
    path: source.path,
    config: found.path.slice(root.length + 1),
    rule: rule.index + 1,
    selection: rule.selection,
    recipients: readers,
    values,
  };
}

/** For people. */
export function planText(state: PlanState): string {
  const { plan, isApplied, done, byHand } = state;
  const { creation } = plan;
  return [
    creation.change === null ? '' : printable(unifiedDiff(creation.change), true),
    ...section(
      `${isApplied ? 'Encrypted' : 'To encrypt'}: ${plural(done.length, 'file')}`,
      done.flatMap(fileLines),
    ),
    ...section(`Left to you: ${plural(byHand.length, 'file')}`, byHand.flatMap(byHandLines)),
    historyText(state),
    nextText(state),
  ].join('');
}

export function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}\n`, ...lines.map((line) => `  ${line}\n`)];
}

export function fileLines({ source, rule, readers, values }: PlannedFile): string[] {
  const selection =
    rule.selection === null ? 'everything' : `${rule.selection.rule} ${rule.selection.value}`;
  return [
    escapeTerminal(source.path),
    `  ${printable(`rule ${rule.index + 1}, ${selection}; for ${readers.join(', ')}`)}`,
    ...values.map((value) => `  ${escapeTerminal(value)}`),
  ];
}

export function byHandLines({ path, reason, values }: ByHand): string[] {
  return [
    `${escapeTerminal(path)}: ${reason}`,
    ...values.map((value) => `  ${escapeTerminal(value)}`),
  ];
}

function historyText({ plan: { history } }: PlanState): string {
  const shallow = history.isShallow
    ? 'This clone is shallow: older commits were not looked into (git fetch --unshallow).\n'
    : '';
  const lines = history.commits.flatMap(({ commit, path, values }) => [
    `${commit.slice(0, 12)} ${escapeTerminal(path)}`,
    ...values.map((value) => `  ${escapeTerminal(value)}`),
  ]);
  const commits = new Set(history.commits.map(({ commit }) => commit)).size;
  const title = `In the history: ${plural(commits, 'commit')} brought plain text that stays readable`;
  return [...section(title, lines), shallow].join('');
}

function nextText({ plan, isApplied, done }: PlanState): string {
  const { history } = plan;
  if (!isApplied && plan.files.length > 0) return '';
  const rewrite = rewriteCommand(history);
  const steps = [
    ...(isApplied && done.length > 0
      ? [commitCommand(done, plan.survey.root, 'Encrypt what was in plain text')]
      : []),
    ...(history.commits.length === 0
      ? []
      : [
          'Change every value named above where it is issued: whoever could read the repository has it.',
        ]),
    ...(rewrite === null
      ? []
      : [
          'If the history must not hold them either: in a fresh clone of all that is committed, and everybody clones anew afterwards:',
          rewrite,
        ]),
  ];
  return section('Next:', steps).join('');
}

/** What says for whom the files are goes into the same commit. */
export function commitCommand(done: readonly PlannedFile[], root: string, message: string): string {
  const configs = new Set(done.map(({ found }) => found.path.slice(root.length + 1)));
  const paths = [...configs, ...done.map(({ source }) => source.path)];
  return `git add -- ${paths.map(shellWord).join(' ')} && git commit -m '${message}'`;
}

/**
 * Takes exactly the plaintext blobs out of every commit; the encrypted files stay. null: there are
 * none. Never run by tidelock.
 */
function rewriteCommand({ blobs }: History): string | null {
  if (blobs.length === 0) return null;
  return `printf '%s\\n' ${blobs.join(' ')} > ../plaintext-blobs && git filter-repo --strip-blobs-with-ids ../plaintext-blobs`;
}
