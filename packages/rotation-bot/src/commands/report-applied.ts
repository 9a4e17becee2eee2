import { appendFileSync } from 'node:fs';
import { escapeMarkdown, escapeTerminal, jsonText, plural } from '@tidelock/guard';
import type { Applied } from '../apply/apply-plan.ts';
import type { GroupResult, GroupResultKind } from '../apply/group-result.ts';
import type { Plan } from '../plan/plan.ts';
import type { BotPorts } from '../ports.ts';
import { DONE, SOME_LEFT_OUT } from './exit-codes.ts';

const WORDS: Readonly<Record<GroupResultKind, string>> = {
  opened: 'opened',
  updated: 'updated',
  unchanged: 'open and as it should be',
  'closed-by-person': 'closed by a person, nothing new since',
  edited: 'changed by a person, left alone',
  queued: 'waits to be merged, left alone',
  limit: 'not opened: as many are open as may be',
  nothing: 'not opened: none of its files could be rewritten',
};

/** One line for a person, while the run goes on. */
export function resultLine({ kind, title, url, files, leftOut }: GroupResult): string {
  const where = url === null ? '' : ` ${escapeTerminal(url)}`;
  const lines = [
    `${escapeTerminal(title)} (${plural(files, 'file')}): ${WORDS[kind]}${where}`,
    ...leftOut.map(
      ({ path, reason }) => `  left out ${escapeTerminal(path)}: ${escapeTerminal(reason)}`,
    ),
  ];
  return `${lines.join('\n')}\n`;
}

interface Report {
  readonly plan: Plan;
  readonly applied: Applied;
  readonly isJson: boolean;
}

/** Says what became of all. @returns the exit code */
export function reportApplied({ plan, applied, isJson }: Report, ports: BotPorts): number {
  const { groups, pruned } = applied;
  for (const name of pruned)
    ports.stderr(`nothing of it is due any more: ${escapeTerminal(name)}\n`);
  for (const { path, reason } of plan.problems)
    ports.stderr(`see to it by hand: ${escapeTerminal(path)}: ${escapeTerminal(reason)}\n`);
  if (isJson) {
    const { digest, base, problems } = plan;
    ports.stdout(jsonText({ digest, base, groups, pruned, problems }));
  } else ports.stdout(`${sumOf(applied)}\n`);
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = ports.env;
  if (summary) appendFileSync(summary, summaryText({ plan, applied }));
  if (output) appendFileSync(output, outputText(applied));
  const isPart = groups.some(({ leftOut }) => leftOut.length > 0) || plan.problems.length > 0;
  return isPart ? SOME_LEFT_OUT : DONE;
}

const countOf = ({ groups }: Applied, kind: GroupResultKind) =>
  groups.filter((group) => group.kind === kind).length;

function sumOf(applied: Applied): string {
  const { groups, pruned } = applied;
  const cleared = pruned.length === 0 ? '' : ` ${pruned.length} cleared away.`;
  if (groups.length === 0) return `Nothing is due.${cleared}`;
  const [opened, updated, unchanged] = [
    countOf(applied, 'opened'),
    countOf(applied, 'updated'),
    countOf(applied, 'unchanged'),
  ];
  const rest = groups.length - opened - updated - unchanged;
  const counts = `${opened} opened, ${updated} updated, ${unchanged} unchanged`;
  const left = rest === 0 ? '' : `, ${rest} left alone`;
  return `${plural(groups.length, 'request')} due: ${counts}${left}.${cleared}`;
}

/** A URL that is nothing but one is a link as it stands. */
const linkTo = (url: string) => (/^https:\/\/[\w.:/-]+$/.test(url) ? url : escapeMarkdown(url));

function summaryText({ plan, applied }: Omit<Report, 'isJson'>): string {
  const rows = applied.groups.map(
    ({ title, files, kind, url }) =>
      `| ${escapeMarkdown(title)} | ${files} | ${WORDS[kind]} | ${url === null ? '' : linkTo(url)} |`,
  );
  const leftOut = applied.groups
    .flatMap((group) => group.leftOut)
    .map(({ path, reason }) => `- left out: ${escapeMarkdown(path)}: ${escapeMarkdown(reason)}`);
  const problems = plan.problems.map(
    ({ path, reason }) => `- see to it by hand: ${escapeMarkdown(path)}: ${escapeMarkdown(reason)}`,
  );
  const table = rows.length === 0 ? [] : ['', '| group | files | | request |', '|---|---|---|---|'];
  const lines = [
    '### tidelock-rotate',
    '',
    sumOf(applied),
    ...table,
    ...rows,
    '',
    ...leftOut,
    ...problems,
  ];
  return `${lines.join('\n').slice(0, 900_000)}\n`;
}

function outputText(applied: Applied): string {
  const urls = applied.groups.flatMap(({ url }) => url ?? []);
  return [
    `due=${applied.groups.length}`,
    `opened=${countOf(applied, 'opened')}`,
    `updated=${countOf(applied, 'updated')}`,
    `requests=${JSON.stringify(urls)}`,
  ]
    .map((line) => `${line}\n`)
    .join('');
}
