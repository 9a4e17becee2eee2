import { describe, expect, it } from 'vitest';
import { RECIPIENT_1, RECIPIENT_2 } from '../support/recipients.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

interface Found {
  readonly ruleId: string;
  readonly severity: string;
  readonly path: string;
}
interface Answer {
  readonly findings: readonly Found[];
  readonly files: { examined: number; encrypted: number; notExamined: unknown[] };
}

const PLAIN = 'user: app\npassword: hunter2\n';
const RULE = `creation_rules:\n  - path_regex: ^prod/.*\\.yaml$\n    age: ${RECIPIENT_1},${RECIPIENT_2}\n`;

/** A file encrypted for these recipients, whatever `.sops.yaml` says. */
function seal(workspace: Workspace, name: string, recipients: string, ...flags: string[]): void {
  const made = workspace.tidelock(
    ['encrypt', '--age', recipients, '--filename-override', name, ...flags],
    { input: PLAIN, cwd: workspace.home },
  );
  expect(made.stderr).toBe('');
  workspace.write(name, made.stdout);
}

function check(workspace: Workspace, ...args: string[]): Answer & { status: number } {
  const { status, stdout, stderr } = workspace.tidelock(['check', '--format', 'json', ...args]);
  if (status === 2) throw new Error(stderr);
  return { status, ...(JSON.parse(stdout) as Answer) };
}

const told = (answer: Answer) =>
  answer.findings
    .filter(({ ruleId }) => ruleId !== 'policy/label-unproven')
    .map(({ ruleId, severity, path }) => `${severity} ${ruleId} ${path}`);

describe('check by .sops.yaml alone', () => {
  it('accepts what follows its rules, with one note for all labels', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'prod/a.yaml', `${RECIPIENT_2},${RECIPIENT_1}`);
    seal(workspace, 'prod/b.yaml', `${RECIPIENT_1},${RECIPIENT_2}`);
    workspace.write('.sops.yaml', RULE);
    workspace.write('README.md', '# hello\n');
    const answer = check(workspace);
    expect(answer.findings.map(({ ruleId }) => ruleId)).toEqual(['policy/label-unproven']);
    expect(answer.files).toEqual({ examined: 4, encrypted: 2, notExamined: [] });
    expect(answer.status).toBe(0);
  });

  it('names recipients that are missing and those that are too many', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'prod/a.yaml', RECIPIENT_1);
    workspace.write('.sops.yaml', RULE);
    expect(told(check(workspace))).toEqual(['error policy/recipient-missing prod/a.yaml']);
    workspace.write('.sops.yaml', RULE.replace(`${RECIPIENT_1},`, ''));
    const answer = check(workspace);
    expect(told(answer)).toEqual([
      'error policy/recipient-missing prod/a.yaml',
      'error policy/recipient-extra prod/a.yaml',
    ]);
    expect(answer.status).toBe(1);
  });

  it('finds plain files, other selections, uncovered files and shared data keys', () => {
    const workspace = makeWorkspace();
    const both = `${RECIPIENT_1},${RECIPIENT_2}`;
    seal(workspace, 'prod/a.yaml', both);
    workspace.write('prod/copy.yaml', workspace.read('prod/a.yaml'));
    workspace.write('prod/plain.yaml', 'name: app\n');
    seal(workspace, 'prod/part.yaml', both, '--encrypted-regex', '^password$');
    seal(workspace, 'else.yaml', both);
    workspace.write('.sops.yaml', RULE);
    expect(told(check(workspace))).toEqual([
      'warning policy/uncovered else.yaml',
      'warning policy/shared-data-key prod/copy.yaml',
      'error policy/selection prod/part.yaml',
      'error policy/not-encrypted prod/plain.yaml',
    ]);
  });

  it('claims no file that has nothing to encrypt, and none for a rule that matches everything', () => {
    const workspace = makeWorkspace();
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: .*\\.yaml$\n    encrypted_regex: ^(data|stringData)$\n    age: ${RECIPIENT_1}\n  - age: ${RECIPIENT_1}\n`,
    );
    workspace.write('map.yaml', 'apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n');
    workspace.write('deploy.yaml', 'apiVersion: apps/v1\nkind: Deployment\nspec: {replicas: 1}\n');
    workspace.write('notes.txt', 'hello\n');
    expect(told(check(workspace))).toEqual([]);
    workspace.write('secret.yaml', 'apiVersion: v1\nkind: Secret\nstringData: {a: b}\n');
    expect(told(check(workspace))).toContain('error policy/not-encrypted secret.yaml');
  });

  it('judges by the nearest .sops.yaml, also one above the folder', () => {
    const workspace = makeWorkspace();
    workspace.git('init', '-q');
    seal(workspace, 'prod/a.yaml', RECIPIENT_1);
    workspace.write('.sops.yaml', RULE);
    expect(told(check(workspace, 'prod'))).toEqual(['error policy/recipient-missing a.yaml']);
    workspace.write('prod/.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
    expect(told(check(workspace, 'prod'))).toEqual([]);
  });

  it('finds what is wrong in .sops.yaml itself', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'a.yaml', RECIPIENT_1);
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: ^gone/\n    age: ${RECIPIENT_1}\n  - path_regex: ^a\n    agee: ${RECIPIENT_1}\n  - path_regex: ^a\n    age: ${RECIPIENT_1}\n`,
    );
    expect(told(check(workspace))).toEqual([
      'warning config/dead-rule .sops.yaml',
      'warning config/no-keys .sops.yaml',
      'error config/unknown-key .sops.yaml',
      'warning config/shadowed-rule .sops.yaml',
    ]);
  });

  it('verifies the MAC of what a key at hand opens', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'a.yaml', RECIPIENT_1);
    seal(workspace, 'b.yaml', RECIPIENT_2);
    const text = workspace.read('a.yaml');
    workspace.write('a.yaml', text.replace(/^user: .*\n/m, ''));
    expect(told(check(workspace))).toEqual([]);
    expect(told(check(workspace, '--verify'))).toEqual(['error broken/mac a.yaml']);
  });

  it('exits 2 for what it cannot run on', () => {
    const workspace = makeWorkspace();
    expect(workspace.tidelock(['check', 'missing']).status).toBe(2);
    expect(workspace.tidelock(['check', '--format', 'xml']).status).toBe(2);
  });

  it('writes every format without a word of a value', () => {
    const workspace = makeWorkspace();
    workspace.write('.sops.yaml', RULE);
    workspace.write('prod/plain.yaml', 'password: correct-horse-battery\n');
    for (const format of ['text', 'json', 'sarif', 'markdown', 'github']) {
      const { status, stdout } = workspace.tidelock(['check', '--format', format]);
      expect(status).toBe(1);
      expect(stdout).toContain('not-encrypted');
      expect(stdout).not.toContain('horse');
    }
  });
});
