import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { githubReporter } from '../../src/reporters/github.ts';
import { jsonReporter } from '../../src/reporters/json.ts';
import { markdownReporter } from '../../src/reporters/markdown.ts';
import { sarifReporter } from '../../src/reporters/sarif.ts';
import { textReporter } from '../../src/reporters/text.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import type { Report } from '../../src/types.ts';
import { loadExamples } from './load.ts';

const examples = loadExamples();
const rewrite = process.env.UPDATE_FIXTURES === '1';

it('are many of both', () => {
  expect(examples.filter(({ bad }) => bad).length).toBeGreaterThanOrEqual(150);
  expect(examples.filter(({ bad }) => !bad).length).toBeGreaterThanOrEqual(150);
});

describe.each(examples)('$name', ({ sources, bad, url, secrets }) => {
  const findings = check(sources, CONTENT_RULES, { now: new Date('2026-11-23') });

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
    const report: Report = {
      findings,
      files: { examined: 1, encrypted: 0, notExamined: [] },
      suppressed: 0,
      rules: CONTENT_RULES,
    };
    const reporters = [
      textReporter(),
      jsonReporter,
      githubReporter,
      markdownReporter,
      sarifReporter({ version: '0' }),
    ];
    for (const reporter of reporters) {
      const text = reporter.report(report);
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
});

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
