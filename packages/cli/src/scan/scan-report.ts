import {
  type Finding,
  githubReporter,
  jsonReporter,
  markdownReporter,
  type NotExamined,
  type Report,
  type Reporter,
  sarifReporter,
  textReporter,
} from '@tidelock/guard';
import { CommandError } from '../command-error.ts';
import { TIDELOCK_VERSION } from '../version.ts';

export interface ReportStyle {
  readonly colour: boolean;
}

const FORMATS = ['text', 'json', 'sarif', 'markdown', 'github'];
const COULD_NOT_RUN = 2;

/** @throws CommandError exit 2 for a format that does not exist */
export function reporterOf(format: string, { colour }: ReportStyle): Reporter {
  switch (format) {
    case 'text':
      return withCommits(textReporter({ colour }));
    case 'json':
      return jsonReporter;
    case 'sarif':
      return withCommits(sarifReporter({ version: TIDELOCK_VERSION }));
    case 'markdown':
      return withCommits(markdownReporter);
    case 'github':
      return withCommits(githubReporter);
    default: {
      const hint = `It is one of ${FORMATS.join(', ')}.`;
      throw new CommandError('ERR_USAGE', COULD_NOT_RUN, 'no such --format', hint);
    }
  }
}

/** JSON names the commit of a finding by itself; elsewhere the message does. */
function withCommits(reporter: Reporter): Reporter {
  return {
    format: reporter.format,
    report: (report: Report) =>
      reporter.report({ ...report, findings: report.findings.map(named) }),
  };
}

function named(finding: Finding): Finding {
  const commit = commitOf(finding);
  return commit === null
    ? finding
    : { ...finding, message: `${finding.message} (commit ${commit.slice(0, 12)})` };
}

function commitOf(one: Finding | NotExamined): string | null {
  return 'commit' in one && typeof one.commit === 'string' ? one.commit : null;
}
