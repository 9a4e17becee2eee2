import { escapeTerminal, plural } from '@tidelock/guard';
import { filesOf, type Plan, type PlannedFile, type PlannedGroup, reasonCounts } from './plan.ts';

/** The plan as a person reads it: who leaves and who joins, which files, which values are spent. */
export function planText(plan: Plan): string {
  const due = filesOf(plan).length;
  const { upToDate, uncovered } = plan.notDue;
  const rest = [
    `${upToDate} up to date`,
    ...(uncovered === 0 ? [] : [`${uncovered} under no rule`]),
  ].join(', ');
  const shard = plan.shard === null ? '' : ` (shard ${plan.shard.index} of ${plan.shard.count})`;
  const head =
    due === 0
      ? `Nothing is due${shard}: ${rest}.`
      : `${plural(due, 'file')} due in ${plural(plan.groups.length, 'group')}${shard}; ${rest}.`;
  const groups = plan.groups.map((group) => `\n${groupText(group)}`);
  return [head, ...groups, ...problemLines(plan)].map((line) => `${line}\n`).join('');
}

function groupText({ title, files, reviewers }: PlannedGroup): string {
  return [
    escapeTerminal(title),
    ...reasonCounts(files).map(
      ({ text, count }) => `  ${escapeTerminal(text)}  [${plural(count, 'file')}]`,
    ),
    ...(reviewers.length === 0
      ? []
      : [`  to be reviewed by ${escapeTerminal(reviewers.join(' '))}`]),
    ...files.flatMap(fileLines),
  ].join('\n');
}

function fileLines({ path, actions, valuesToChange }: PlannedFile): readonly string[] {
  const file = `    ${escapeTerminal(path)}: ${actions.join(', then ')}`;
  if (valuesToChange.length === 0) return [file];
  const values = valuesToChange.map((value) => `        ${escapeTerminal(value)}`);
  return [file, '      change at their source, they could be read:', ...values];
}

function problemLines({ problems }: Plan): readonly string[] {
  if (problems.length === 0) return [];
  const lines = problems.map(
    ({ path, reason }) => `  ${escapeTerminal(path)}: ${escapeTerminal(reason)}`,
  );
  return [`\nSee to it by hand:`, ...lines];
}
