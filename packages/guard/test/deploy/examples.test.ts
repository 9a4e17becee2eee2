import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { check } from '../../src/check.ts';
import { deployRules, judgeDeployment } from '../../src/deploy/index.ts';
import { POLICY_NAME, parsePolicy } from '../../src/policy/read-policy.ts';
import { jsonReporter } from '../../src/reporters/json.ts';
import { textReporter } from '../../src/reporters/text.ts';
import { CONTENT_RULES } from '../../src/rules/index.ts';
import type { Source } from '../../src/source.ts';
import type { Finding } from '../../src/types.ts';
import { listExamples, sourcesOf } from './load.ts';

const examples = listExamples();
const rewrite = process.env.UPDATE_FIXTURES === '1';
const now = new Date('2026-11-24T00:00:00Z');

function judge(sources: readonly Source[]): Finding[] {
  const file = sources.find(({ path }) => path === POLICY_NAME);
  const policy =
    file === undefined ? null : parsePolicy(file.bytes, POLICY_NAME, { ruleIds: new Set(), now });
  const rules = [
    ...deployRules((all) => judgeDeployment(all, { policy, now })),
    ...CONTENT_RULES.filter(({ id }) => id.startsWith('deploy/')),
  ];
  return check(sources, rules, { now });
}

const seen = new Set<string>();

it('are many of both', () => {
  expect(examples.length).toBeGreaterThanOrEqual(100);
  expect(examples.filter(({ bad }) => bad).length).toBeGreaterThanOrEqual(50);
  expect(examples.filter(({ bad }) => !bad).length).toBeGreaterThanOrEqual(40);
});

describe.each(examples)('$name', (example) => {
  let findings: readonly Finding[] = [];
  beforeAll(async () => {
    findings = judge(await sourcesOf(example));
  });

  it('is judged as written down', () => {
    const summary = findings.map(({ ruleId, severity, path, range, kind }) => ({
      ruleId,
      severity,
      path,
      line: range?.startLine ?? null,
      ...(kind === undefined ? {} : { kind }),
    }));
    for (const { ruleId } of summary) seen.add(ruleId);
    const file = new URL('findings.json', example.url);
    if (rewrite || !existsSync(file)) writeFileSync(file, `${JSON.stringify(summary, null, 2)}\n`);
    expect(summary).toEqual(JSON.parse(readFileSync(file, 'utf8')));
    const [family] = example.name.split('/');
    if (example.bad) expect(summary.map(({ ruleId }) => ruleId)).toContain(`deploy/${family}`);
    else expect(summary).toEqual([]);
  });

  it('shows nothing of its secrets', () => {
    const report = {
      findings,
      files: { examined: 1, encrypted: 0, notExamined: [] },
      suppressed: 0,
      rules: CONTENT_RULES,
    };
    for (const reporter of [textReporter(), jsonReporter]) {
      const text = reporter.report(report);
      for (const secret of example.secrets) expect(text).not.toContain(secret);
    }
  });
});

afterAll(() => {
  if (examples.length === 0) throw new Error('there are no examples');
});
