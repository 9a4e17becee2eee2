import type { Finding, Report, Reporter, Severity } from '../types.ts';
import { escapeTerminal } from './escape.ts';
import { countBySeverity, summaryLine } from './summary.ts';

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
      return [...blocks, ...skipped, `${summary(report)}\n`].join(blocks.length > 0 ? '\n' : '');
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
  if (frame !== undefined && range !== null) {
    lines.push(`  ${String(range.startLine).padStart(5)} | ${escapeTerminal(frame)}`);
  }
  lines.push(`  ${escapeTerminal(hint)}`);
  return `${lines.join('\n')}\n`;
}

function summary(report: Report): string {
  const { examined, encrypted } = report.files;
  return `${summaryLine(countBySeverity(report.findings), report.suppressed)}; ${examined} files examined, ${encrypted} encrypted`;
}

const COLOURS: Readonly<Record<Severity, number>> = { error: 31, warning: 33, note: 36 };

function colour(text: string, severity: Severity): string {
  return `\u001b[${COLOURS[severity]}m${text}\u001b[39m`;
}
