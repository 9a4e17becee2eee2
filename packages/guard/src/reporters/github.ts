import { type Finding, type Reporter, SEVERITIES, type Severity } from '../types.ts';
import { variedFirst } from './causes.ts';
import { escapeCommandData, escapeCommandProperty } from './escape.ts';
import { withPath } from './shell-word.ts';
import { countBySeverity, plural } from './summary.ts';

/** What one step may show of each kind; the platform drops the rest without a word. */
const SHOWN = 10;

const COMMANDS: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  note: 'notice',
};

/** Workflow commands that become annotations, each cause first; what goes beyond the limit is counted. */
export const githubReporter: Reporter = {
  format: 'github',
  report({ findings }) {
    const lines: string[] = [];
    const counts = countBySeverity(findings);
    for (const severity of SEVERITIES) {
      const own = variedFirst(findings.filter((finding) => finding.severity === severity));
      const room = own.length > SHOWN ? SHOWN - 1 : SHOWN;
      lines.push(...own.slice(0, room).map(command));
      const left = counts[severity] - room;
      if (left > 0) {
        lines.push(
          `::${COMMANDS[severity]} title=tidelock::${plural(left, 'more finding')} of this kind`,
        );
      }
    }
    return lines.map((line) => `${line}\n`).join('');
  },
};

function command(finding: Finding): string {
  const { severity, path, range, ruleId, message, hint } = finding;
  const place =
    range === null
      ? []
      : [
          `line=${range.startLine}`,
          `endLine=${range.endLine}`,
          ...(range.startLine === range.endLine
            ? [`col=${range.startColumn}`, `endColumn=${range.endColumn}`]
            : []),
        ];
  const properties = [
    `file=${escapeCommandProperty(path)}`,
    ...place,
    `title=${escapeCommandProperty(ruleId)}`,
  ];
  return `::${COMMANDS[severity]} ${properties.join(',')}::${escapeCommandData(`${message}. ${withPath(hint, path)}`)}`;
}
