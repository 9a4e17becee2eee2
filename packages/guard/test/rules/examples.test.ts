import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { githubReporter } from '../../src/reporters/github.ts';
import { jsonReporter } from '../../src/reporters/json.ts';
import { markdownReporter } from '../../src/reporters/markdown.ts';
import { sarifReporter } from '../../src/reporters/sarif.ts';
import { textReporter } from '../../src/reporters/text.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import type { Finding } from '../../src/types.ts';
import { loadExamples } from './load.ts';

const examples = loadExamples();
const rewrite = process.env.UPDATE_FIXTURES === '1';

it('are many of both', () => {
  expect(examples.filter(({ bad }) => bad).length).toBeGreaterThanOrEqual(150);
  expect(examples.filter(({ bad }) => !bad).length).toBeGreaterThanOrEqual(150);
});

const NOW = { now: new Date('2026-11-23') };
const reporters = [
  textReporter(),
  jsonReporter,
  githubReporter,
  markdownReporter,
  sarifReporter({ version: '0' }),
];

function reportsOf(findings: readonly Finding[]): string[] {
  const files = { examined: 1, encrypted: 0, notExamined: [] };
  return reporters.map((reporter) =>
    reporter.report({ findings, files, suppressed: 0, rules: CONTENT_RULES }),
  );
}

describe.each(examples)('$name', ({ sources, bad, url, secrets, variant }) => {
  const findings = check(sources, CONTENT_RULES, NOW);

  it('is judged as written down', () => {
    const summary = findings.map(({ ruleId, severity, path, range, treePath, kind }) => ({
      ruleId,
      severity,
      path,
      line: range?.startLine ?? null,
      ...(treePath === undefined ? {} : { treePath }),
      ...(kind === undefined ? {} : { kind }),
    }));
    const file = new URL('findings.json', url);
    if (rewrite || !existsSync(file)) writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
    expect(summary).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    expect(findings.some(({ severity }) => severity === 'error')).toBe(bad);
  });

  it('shows nothing of its secrets', () => {
    for (const text of reportsOf(findings)) {
      for (const secret of secrets) {
        for (const form of [
          secret,
          Buffer.from(secret).toString('base64'),
          Buffer.from(secret).toString('hex'),
        ]) {
          for (const part of partsOf(form)) expect(text).not.toContain(part);
        }
      }
    }
  });

  // Were any part of a secret shown, in any form, other secrets would show as another report.
  it('says the same of other secrets in their place', () => {
    const reports = ['', 'a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) =>
      reportsOf(check(variant(name), CONTENT_RULES, NOW))
        .map(withoutLengths)
        .join('\0'),
    );
    // What a value is made of is said; few of them are, by chance, of letters alone.
    expect(new Set(reports).size).toBeLessThan(reports.length - 2);
  });
});

/** Where a value ends, and how long it is, may differ. */
function withoutLengths(report: string): string {
  return report.replace(/\b\d+\b/g, '#').replace(/under # characters/g, '# to # characters');
}

/** Pieces of eight characters that no fingerprint or word could hold by chance. */
function partsOf(text: string): string[] {
  const compact = text
    .replace(/\s+/g, '')
    .replace(/-----[A-Z ]+-----/g, '')
    .slice(0, 400);
  const parts: string[] = [];
  for (let i = 0; i + 8 <= compact.length; i += 3) {
    const part = compact.slice(i, i + 8);
    if (
      new Set(part).size >= 5 &&
      !/^(?:[a-z]+|sk_live_|.*(?:key|api|PRIV|BEGIN|AGE).*)$/i.test(part)
    )
      parts.push(part);
  }
  return parts;
}
