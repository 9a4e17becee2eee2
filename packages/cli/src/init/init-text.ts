import { escapeTerminal, plural } from '@tidelock/guard';
import { printable } from '../terminal.ts';
import type { HookManager } from './hook-manager.ts';
import { KIND_NAMES } from './kinds.ts';
import type { Proposal } from './proposal.ts';
import { unifiedDiff } from './unified-diff.ts';

const FORGES = { github: 'GitHub', gitlab: 'GitLab', gitea: 'Gitea' } as const;

/** What the repository is, in one paragraph. */
export function surveyText({ survey, manager, forge }: Proposal): string {
  const { kinds, environments, encrypted, paths } = survey;
  const folders = [...environments.production, ...environments.other, ...environments.test];
  const parts = [
    kinds.length === 0 ? 'nothing that is known' : kinds.map((kind) => KIND_NAMES[kind]).join(', '),
    ...(folders.length === 0 ? [] : [`environments ${folders.join(', ')}`]),
    `hooks ${managerText(manager)}`,
    forge === null ? 'no forge that is known' : FORGES[forge],
    `${plural(encrypted.length, 'encrypted file')}`,
  ];
  return `tidelock: ${plural(paths.length, 'file')}: ${parts.join('; ')}\n`;
}

function managerText(manager: HookManager): string {
  switch (manager.kind) {
    case 'none':
      return "in Git's own folder";
    case 'committed-folder':
    case 'machine-folder':
      return `in ${escapeTerminal(manager.folder)}`;
    case 'pre-commit':
      return 'by the pre-commit framework';
    default:
      return `by ${manager.kind}`;
  }
}

/** One unified diff of all files. */
export function diffText({ changes }: Proposal): string {
  return changes.map((change) => printable(unifiedDiff(change), true)).join('');
}

/** What is done beside the diff. */
export function asideText({ installsHooks, local }: Proposal): string {
  const lines: string[] = [];
  if (local !== null && local.addition !== null)
    lines.push(
      `A local age key is added to ${local.file} (mode 0600): for test environments, never for production.`,
    );
  if (installsHooks)
    lines.push(
      'Git hooks pre-commit, pre-merge-commit and pre-push are installed in this clone; those that are there run first.',
    );
  return lines.map((line) => `tidelock: ${printable(line)}\n`).join('');
}

/** What to do now. */
export function nextText(proposal: Proposal, isApplied: boolean): string {
  const { byHand, afterwards, creation } = proposal;
  const steps = [
    ...byHand.map((text) => `by hand: ${text}`),
    ...(creation.without.length === 0
      ? []
      : [
          `no rule for ${creation.without.length} of the files below: nobody is named who may read them, and a local key never reads production. Name a key: tidelock init --age ...`,
        ]),
    ...(isApplied ? afterwards : []),
    ...plaintextSteps(proposal),
  ];
  return steps.length === 0 ? '' : `Next:\n${steps.map((step) => `  ${step}\n`).join('')}`;
}

const MOST_FILES = 20;

function plaintextSteps({ survey }: Proposal): string[] {
  const files = [...survey.plaintext];
  if (files.length === 0) return [];
  const shown = files
    .slice(0, MOST_FILES)
    .map(
      ([path, findings]) => `    ${escapeTerminal(path)} (${plural(findings.length, 'finding')})`,
    );
  const more = files.length > MOST_FILES ? [`    and ${files.length - MOST_FILES} more`] : [];
  return [
    [
      `${plural(files.length, 'file')} hold${files.length === 1 ? 's' : ''} secrets in plain text:`,
      ...shown,
      ...more,
      '  tidelock migrate cleartext     # shows a plan; --yes encrypts them',
    ].join('\n'),
  ];
}
