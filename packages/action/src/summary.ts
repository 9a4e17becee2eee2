import { type AccessByChange, accessMarkdown, withCommits } from '@tidelock/check';
import { escapeMarkdown, markdownReporter, type Report } from '@tidelock/guard';

/** GitHub takes 1 MiB a step for the summary, and 65,536 characters for a comment. */
const LONGEST_SUMMARY = 900_000;
const LONGEST_COMMENT = 65_000;

export interface Judged extends Report {
  readonly access: AccessByChange | null;
  readonly remarks: readonly string[];
}

/** What the job summary shows: what matters most first. */
export function summaryOf(judged: Judged): string {
  const weakened = judged.findings.filter(({ ruleId }) => ruleId === 'policy/weakened').length;
  const parts = [
    weakened === 0
      ? ''
      : `**This change makes the policy milder** (policy/weakened: ${weakened}).\n`,
    '## tidelock\n',
    judged.remarks.map((remark) => `> ${escapeMarkdown(remark)}\n`).join(''),
    withCommits(markdownReporter).report(judged),
    judged.access === null ? '' : accessSection(judged.access),
  ];
  return fitted(parts.filter((part) => part !== '').join('\n'), LONGEST_SUMMARY);
}

export function commentOf(summary: string, marker: string): string {
  return `${marker}\n${fitted(summary, LONGEST_COMMENT - marker.length)}`;
}

function accessSection({ files, rules }: AccessByChange): string {
  const table = (changes: AccessByChange['files']) => accessMarkdown({ readers: [], changes });
  const after =
    rules.length === 0 ? '' : `\nOnce the files follow the changed rules:\n\n${table(rules)}`;
  return `### Who gains and who loses access\n\n${table(files)}${after}`;
}

/** Cut between lines, so that no markup is left open; says that it was. */
function fitted(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const note = '\n\nThis is cut short: the rest is in the SARIF and JSON files of the run.\n';
  const end = text.lastIndexOf('\n', longest - note.length);
  return text.slice(0, Math.max(0, end)) + note;
}
