import type { Finding, Reporter } from '../types.ts';
import { causesOf } from './causes.ts';
import { escapeMarkdown } from './escape.ts';
import { countBySeverity, plural, summaryLine } from './summary.ts';

/** Characters of a job summary or comment: below 65,536 with room for what stands around it. */
const LONGEST = 60_000;

/** Places that one row of the table names. */
const SHOWN_PLACES = 3;

/** A table for job summaries and comments: a row for each cause, worst first. */
export const markdownReporter: Reporter = {
  format: 'markdown',
  report({ findings, files, suppressed }) {
    const head = [
      `**${summaryLine(countBySeverity(findings), suppressed)}**; ${plural(files.examined, 'file')} examined, ${files.encrypted} encrypted.`,
      '',
    ];
    const skipped = files.notExamined.map(
      ({ path, reason }) => `- not examined: ${escapeMarkdown(path)} (${reason})`,
    );
    return `${[...head, ...table(findings), ...bounded(skipped, 'file')].join('\n')}\n`;
  },
};

function table(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const rows = causesOf(findings).map((cause) => {
    const { severity, message, ruleId, docsUrl } = cause;
    const where = cause.findings.slice(0, SHOWN_PLACES).map(placeOf);
    const left = cause.findings.length - where.length;
    if (left > 0) where.push(`and ${left} more`);
    return `| ${severity} | ${where.join('<br>')} | ${escapeMarkdown(message)} | [${escapeMarkdown(ruleId)}](${docsUrl}) |`;
  });
  return ['| | where | what | rule |', '|---|---|---|---|', ...bounded(rows, 'row'), ''];
}

function placeOf({ path, range }: Finding): string {
  return escapeMarkdown(range === null ? path : `${path}:${range.startLine}`);
}

/** As many lines as there is room for, then how many are left. */
function bounded(lines: readonly string[], noun: string): string[] {
  const kept: string[] = [];
  let length = 0;
  for (const line of lines) {
    length += line.length + 1;
    if (length > LONGEST / 2) break;
    kept.push(line);
  }
  const left = lines.length - kept.length;
  return left === 0 ? kept : [...kept, '', `and ${plural(left, noun)} more.`];
}
