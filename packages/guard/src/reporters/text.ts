import type { Finding, Report, Reporter, Severity } from '../types.ts';
import { causesOf } from './causes.ts';
import { escapeTerminal } from './escape.ts';
import { withPath } from './shell-word.ts';
import { countBySeverity, plural, summaryLine } from './summary.ts';

export interface TextOptions {
  readonly colour?: boolean;
}

/** For a person at a terminal: place, what, the masked line, and what to do. */
export function textReporter(options: TextOptions = {}): Reporter {
  const paint = options.colour === true ? colour : (text: string) => text;
  return {
    format: 'text',
    report(report) {
      const blocks = report.findings.map((finding) => block(finding, paint));
      const skipped = report.files.notExamined.map(
        ({ path, reason }) => `${escapeTerminal(path)}: not examined (${reason})\n`,
      );
      const parts = [
        ...blocks,
        ...skipped,
        ...recap(report.findings, paint),
        `${summary(report)}\n`,
      ];
      return parts.join(blocks.length > 0 ? '\n' : '');
    },
  };
}

type Paint = (text: string, severity: Severity) => string;

function block(finding: Finding, paint: Paint): string {
  const { path, range, severity, message, ruleId, frame, hint } = finding;
  const place = range === null ? path : `${path}:${range.startLine}:${range.startColumn}`;
  const lines = [
    `${escapeTerminal(place)}  ${paint(severity, severity)}  ${escapeTerminal(message)}  [${ruleId}]`,
  ];
  // What a policy is about is a key or a whole file: its line, masked, would say nothing.
  if (frame !== undefined && range !== null && !ruleId.startsWith('policy/')) {
    lines.push(`  ${String(range.startLine).padStart(5)} | ${escapeTerminal(frame)}`);
  }
  lines.push(`  ${escapeTerminal(withPath(hint, path))}`);
  return `${lines.join('\n')}\n`;
}

/** Findings of one cause beyond which the causes are listed once more. */
const FEW = 3;

/** What there is to do, after a list that is too long to tell. */
function recap(findings: readonly Finding[], paint: Paint): string[] {
  const causes = causesOf(findings);
  if (!causes.some((cause) => cause.findings.length > FEW)) return [];
  return causes.map(({ severity, ruleId, message, findings: { length } }, i) => {
    const count = `${length} x`.padStart(7);
    const line = `${count} ${paint(severity, severity)}  ${escapeTerminal(message)}  [${ruleId}]`;
    return `${i === 0 ? 'By cause:\n' : ''}${line}${i === causes.length - 1 ? '\n' : ''}`;
  });
}

function summary(report: Report): string {
  const { examined, encrypted } = report.files;
  return `${summaryLine(countBySeverity(report.findings), report.suppressed)}; ${plural(examined, 'file')} examined, ${encrypted} encrypted`;
}

const COLOURS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, note: 36 };

function colour(text: string, severity: Severity): string {
  return `\u001b[${COLOURS[severity]}m${text}\u001b[39m`;
}
