import { describe, expect, it } from 'vitest';
import { docsUrl } from '../../src/docs-url.ts';
import { githubReporter } from '../../src/reporters/github.ts';
import { jsonReporter } from '../../src/reporters/json.ts';
import { markdownReporter } from '../../src/reporters/markdown.ts';
import { sarifReporter } from '../../src/reporters/sarif.ts';
import { textReporter } from '../../src/reporters/text.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import type { Finding, Report } from '../../src/types.ts';
import { HOSTILE } from './hostile.ts';

const reporters = [
  textReporter(),
  jsonReporter,
  githubReporter,
  markdownReporter,
  sarifReporter({ version: '0.1.0' }),
];

function reportOf(path: string, count = 1): Report {
  const finding: Finding = {
    ruleId: 'plaintext/token',
    severity: 'error',
    path,
    range: { startLine: 1, startColumn: 2, endLine: 1, endColumn: 9 },
    message: `a token of ${path}`,
    hint: `do ${path}`,
    docsUrl: docsUrl('plaintext/token'),
    fingerprint: '0'.repeat(32),
    frame: `${path}: ••••`,
  };
  return {
    findings: Array.from({ length: count }, () => finding),
    files: { examined: 1, encrypted: 0, notExamined: [{ path, reason: 'binary' }] },
    suppressed: 0,
    rules: CONTENT_RULES,
  };
}

describe.each(reporters)('$format', (reporter) => {
  it.each(HOSTILE)('lets nothing through of %j', (name) => {
    const text = reporter.report(reportOf(name));
    expect(text).not.toMatch(
      /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\u2028\u2029]/u,
    );
    if (reporter.format === 'github') {
      for (const line of text.trimEnd().split('\n'))
        expect(line).toMatch(/^::(?:error|warning|notice) [^:]*::[^\n]*$/);
    }
    if (reporter.format === 'markdown') {
      expect(text).not.toMatch(/<img|<script|<\/td|\]\(javascript|!\[i|@everyone|https:\/\/evil/);
    }
    if (reporter.format === 'json' || reporter.format === 'sarif') {
      expect(() => JSON.parse(text) as unknown).not.toThrow();
    }
  });

  it('says the same for the same', () => {
    expect(reporter.report(reportOf('a/b.yaml'))).toBe(reporter.report(reportOf('a/b.yaml')));
  });
});

it('json has findings and files, and nothing beside them', () => {
  expect(Object.keys(JSON.parse(jsonReporter.report(reportOf('a'))))).toEqual([
    'findings',
    'files',
  ]);
});

it('json keeps names as they are', () => {
  for (const name of HOSTILE) {
    const parsed: unknown = JSON.parse(jsonReporter.report(reportOf(name)));
    expect(parsed).toMatchObject({ findings: [{ path: name }] });
  }
});

it('github counts what it may not show', () => {
  const lines = githubReporter.report(reportOf('a', 60)).trimEnd().split('\n');
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toContain('51 more findings');
});

describe('one cause in many files', () => {
  const finding = (ruleId: string, severity: Finding['severity'], path: string): Finding => ({
    ...(reportOf(path).findings[0] as Finding),
    ruleId,
    severity,
    message: `what ${ruleId} says`,
    hint: 'Rotate it: tidelock rotate -i FILE',
  });
  const many = Array.from({ length: 20 }, (_, i) => finding('policy/b', 'warning', `b/${i}.yaml`));
  const more = Array.from({ length: 20 }, (_, i) => finding('policy/a', 'error', `c/${i}.yaml`));
  const report: Report = {
    ...reportOf('x'),
    findings: [...many, ...more, finding('policy/c', 'error', "d e's.yaml")],
  };

  it('is one row of markdown, worst first', () => {
    const rows = markdownReporter
      .report(report)
      .split('\n')
      .filter((line) => /^\| (?:error|warning)/.test(line));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toContain(
      'c&#47;0&#46;yaml&#58;1<br>c&#47;1&#46;yaml&#58;1<br>c&#47;2&#46;yaml&#58;1<br>and 17 more',
    );
    expect(rows.map((row) => row.split(' ')[1])).toEqual(['error', 'error', 'warning']);
  });

  it('leaves annotations to the others', () => {
    const lines = githubReporter.report(report).trimEnd().split('\n');
    expect(lines.slice(0, 2).map((line) => /title=([^:]*)/.exec(line)?.[1])).toEqual([
      'policy/a',
      'policy/c',
    ]);
    expect(lines[1]).toContain("tidelock rotate -i 'd e'\\''s.yaml'");
  });

  it('is counted at the end of the text, whose hints name the file', () => {
    const text = textReporter().report(report);
    expect(text).toContain('  Rotate it: tidelock rotate -i c/0.yaml\n');
    expect(text).toContain(
      [
        'By cause:',
        '   20 x error  what policy/a says  [policy/a]',
        '    1 x error  what policy/c says  [policy/c]',
        '   20 x warning  what policy/b says  [policy/b]',
        '',
        '21 errors, 20 warnings; 1 file examined, 0 encrypted',
      ].join('\n'),
    );
    expect(textReporter().report(reportOf('x', 3))).not.toContain('By cause');
  });
});

it('sarif has an entry for each rule, and each result points at one', () => {
  const log = JSON.parse(sarifReporter({ version: '1.2.3' }).report(reportOf('a b/ü.yaml'))) as {
    runs: [
      {
        tool: { driver: { rules: { id: string }[] } };
        results: { ruleIndex: number; locations: unknown }[];
      },
    ];
  };
  const [run] = log.runs;
  expect(run.tool.driver.rules).toHaveLength(CONTENT_RULES.length);
  for (const { ruleIndex } of run.results)
    expect(run.tool.driver.rules[ruleIndex]?.id).toBe('plaintext/token');
  expect(JSON.stringify(run.results)).toContain('a%20b/%C3%BC.yaml');
});
