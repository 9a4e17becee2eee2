import type { Finding, Reporter } from '../types.ts';
import { escapeMarkdown } from './escape.ts';
import { countBySeverity, summaryLine } from './summary.ts';

/** Characters of a job summary or comment: below 65,536 with room for what stands around it. */
const LONGEST = 60_000;

/** A table for job summaries and comments. */
export const markdownReporter: Reporter = {
  format: 'markdown',
  report({ findings, files, suppressed }) {
    const head = [
      `**${summaryLine(countBySeverity(findings), suppressed)}**; ${files.examined} files examined, ${files.encrypted} encrypted.`,
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
  const rows = findings.map(({ severity, path, range, message, ruleId, docsUrl }) => {
    const place = range === null ? path : `${path}:${range.startLine}`;
    return `| ${severity} | ${escapeMarkdown(place)} | ${escapeMarkdown(message)} | [${escapeMarkdown(ruleId)}](${docsUrl}) |`;
  });
  return ['| | where | what | rule |', '|---|---|---|---|', ...bounded(rows, 'finding'), ''];
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
  return left === 0 ? kept : [...kept, '', `and ${left} more ${noun}${left === 1 ? '' : 's'}.`];
}
