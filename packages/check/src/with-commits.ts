import type { Finding, NotExamined, Report, Reporter } from '@tidelock/guard';

/** JSON names the commit of a finding by itself; elsewhere the message does. */
export function withCommits(reporter: Reporter): Reporter {
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
