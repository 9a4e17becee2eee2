import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { ruleCatalogue } from '../../src/catalogue.ts';
import { docsUrl } from '../../src/docs-url.ts';
import { sarifReporter } from '../../src/reporters/sarif.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import type { Finding, Report, Severity } from '../../src/types.ts';
import { HOSTILE } from './hostile.ts';

const file = new URL('../schemas/sarif-2.1.0-rtm.5.json', import.meta.url);
// Draft 4 calls it `id`; nothing else in the schema is of that draft alone.
const {
  id: _,
  $schema: __,
  ...schema
} = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
const ajv = new Ajv({ allErrors: true, strict: false, unicodeRegExp: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

interface Sarif {
  readonly runs: readonly [
    {
      readonly tool: { readonly driver: { readonly rules: readonly Entry[] } };
      readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number }[];
    },
  ];
}

interface Entry {
  readonly id: string;
  readonly helpUri: string;
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: Severity };
}

const findingOf = (ruleId: string, path: string, severity: Severity): Finding => ({
  ruleId,
  severity,
  path,
  range: severity === 'note' ? null : { startLine: 3, startColumn: 1, endLine: 4, endColumn: 9 },
  message: `about ${path}`,
  hint: 'do something',
  docsUrl: docsUrl(ruleId),
  fingerprint: '0'.repeat(32),
});

function sarif(report: Partial<Report>): Sarif {
  const text = sarifReporter({ version: '1.2.3' }).report({
    findings: [],
    files: { examined: 0, encrypted: 0, notExamined: [] },
    suppressed: 0,
    rules: CONTENT_RULES,
    ...report,
  });
  const log: unknown = JSON.parse(text);
  expect(validate(log), JSON.stringify(validate.errors)).toBe(true);
  return log as Sarif;
}

describe('sarif, by the schema of SARIF 2.1.0', () => {
  it('notices what is wrong', () => {
    expect(validate({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
    expect(validate({ version: '2.1', runs: [] })).toBe(false);
  });

  it('is valid without findings', () => {
    expect(sarif({}).runs[0].results).toEqual([]);
  });

  it.each([...ruleCatalogue().values()])('$id has an entry with help', ({ id }) => {
    const { tool, results } = sarif({ findings: [findingOf(id, 'a.yaml', 'error')] }).runs[0];
    const entry = tool.driver.rules[results[0]?.ruleIndex ?? -1];
    expect(entry?.id).toBe(id);
    expect(entry?.help.text.length).toBeGreaterThan(20);
    expect(entry?.help.markdown).toContain('**What to do:**');
    expect(entry?.helpUri).toMatch(/^https:\/\/\S+#[a-z]+-[a-z-]+$/);
  });

  it('is valid whatever names and reasons it holds', () => {
    const findings = HOSTILE.flatMap((name) =>
      (['error', 'warning', 'note'] as const).map((severity) =>
        findingOf('plaintext/token', name, severity),
      ),
    );
    const notExamined = HOSTILE.map((path) => ({ path, reason: 'binary' as const }));
    const { results } = sarif({ findings, files: { examined: 1, encrypted: 0, notExamined } })
      .runs[0];
    expect(results).toHaveLength(findings.length);
  });
});
