import { escapeMarkdown, plural } from '@tidelock/guard';
import {
  bounded,
  cell,
  filesTable,
  pathCell,
  reasonsList,
  valuesPart,
} from '../apply/request-tables.ts';
import { filesOf, type Plan, type PlannedGroup, type PlanProblem } from '../plan/plan.ts';

/** Characters; a job's summary takes 1 MiB. */
const ROOM = { groups: 800_000, group: 100_000, problems: 60_000 } as const;
const LONGEST_REASON = 600;

/** The plan for a job's summary: a dry run, in Markdown. */
export function planSummary(plan: Plan): string {
  const due = filesOf(plan).length;
  const { upToDate, uncovered } = plan.notDue;
  const rest = `${upToDate} up to date${uncovered === 0 ? '' : `, ${uncovered} under no rule`}`;
  const head =
    due === 0
      ? `Nothing is due: ${rest}.`
      : `**${plural(due, 'file')} due in ${plural(plan.groups.length, 'request')}**; ${rest}. Nothing was changed: this is what a run would do.`;
  const lines = [
    '### tidelock-rotate plan',
    '',
    head,
    '',
    ...bounded(plan.groups, groupPart, { room: ROOM.groups, noun: 'request' }),
    ...problemsPart(plan),
  ];
  return `${lines.join('\n')}\n`;
}

function groupPart({ title, files, reviewers }: PlannedGroup): string {
  const asked = reviewers.length === 0 ? '' : ` To be reviewed by ${cell(reviewers.join(' '))}.`;
  return [
    `#### ${escapeMarkdown(title)}`,
    `${plural(files.length, 'file')}.${asked}`,
    '',
    ...reasonsList(files, ROOM.group / 4),
    '',
    ...filesTable(files, ROOM.group),
    '',
    ...valuesPart(files, ROOM.group),
  ].join('\n');
}

function problemsPart({ problems }: Plan): readonly string[] {
  if (problems.length === 0) return [];
  const lineOf = ({ path, reason }: PlanProblem) =>
    `- ${pathCell(path)}: ${cell(reason, LONGEST_REASON)}`;
  const lines = bounded(problems, lineOf, { room: ROOM.problems, noun: 'file' });
  return ['#### See to it by hand', '', ...lines];
}
