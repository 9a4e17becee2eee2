import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { repositoryRoot } from '../support/program.ts';
import { makeWorkspace } from '../support/workspace.ts';

interface Pattern {
  readonly regexp: string;
  readonly file: number;
  readonly line?: number;
  readonly column?: number;
  readonly severity: number;
  readonly message: number;
  readonly code: number;
}

const { problemMatcher } = JSON.parse(
  readFileSync(join(repositoryRoot, 'packages/guard/problem-matcher.json'), 'utf8'),
) as { problemMatcher: readonly { pattern: readonly [Pattern] }[] };

function annotations(text: string): object[] {
  return text.split('\n').flatMap((line) =>
    problemMatcher.flatMap(({ pattern: [{ regexp, ...groups }] }) => {
      const match = new RegExp(regexp).exec(line);
      if (match === null) return [];
      const part = (group: number | undefined) => (group === undefined ? null : match[group]);
      return [
        {
          path: part(groups.file),
          line: Number(part(groups.line) ?? 0),
          column: Number(part(groups.column) ?? 0),
          severity: part(groups.severity),
          message: part(groups.message),
          rule: part(groups.code),
        },
      ];
    }),
  );
}

interface Found {
  readonly path: string;
  readonly range: { startLine: number; startColumn: number } | null;
  readonly severity: string;
  readonly message: string;
  readonly ruleId: string;
}

it('makes of the text output one annotation for each error and warning, at its place', () => {
  const w = makeWorkspace();
  w.write('.sops.yaml', 'creation_rules:\n  - path_regex: secret\n    age: age1x\n');
  w.write('a secret: b.yaml', 'plain: value\n');
  w.write('secret.yaml', 'plain: value\n');
  w.write('with space/app.yaml', `password: ${['Kx83mQ', 'zR71pLw', '9vT2'].join('')}\n`);
  w.write(
    'key.pem',
    ['-----BEGIN ', 'PRIVATE KEY-----\nMIIEvQ\n-----END ', 'PRIVATE KEY-----\n'].join(''),
  );
  const text = w.tidelock(['scan']).stdout;
  const { findings } = JSON.parse(w.tidelock(['scan', '--format', 'json']).stdout) as {
    findings: readonly Found[];
  };
  const wanted = findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ path, range, severity, message, ruleId }) => ({
      path,
      line: range?.startLine ?? 0,
      column: range?.startColumn ?? 0,
      severity,
      message,
      rule: ruleId,
    }));
  expect(wanted.length).toBeGreaterThan(2);
  expect(wanted.some(({ line }) => line === 0)).toBe(true);
  expect(annotations(text)).toEqual(wanted);
});
