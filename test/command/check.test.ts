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

const POLICY = `version: 1
recipients:
  one: { age: ${RECIPIENT_1} }
  two: { age: ${RECIPIENT_2} }
groups: { both: [one, two] }
rules:
  - name: production
    paths: ["prod/**"]
    encrypted: true
    recipients: { all: [one], none: [two], others: deny }
`;

describe('check by .tidelock.yaml', () => {
  it('asks for recipients by name and for encryption whatever a file is called', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'prod/a.yaml', RECIPIENT_2);
    workspace.write('prod/notes.txt', 'hello\n');
    workspace.write('.tidelock.yaml', POLICY);
    expect(told(check(workspace))).toEqual([
      'error policy/recipient-missing prod/a.yaml',
      'error policy/recipient-forbidden prod/a.yaml',
      'error policy/not-encrypted prod/notes.txt',
    ]);
  });

  it('counts members of a group, denies others and keeps a severity', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'prod/a.yaml', RECIPIENT_1);
    const asks = (recipients: string) =>
      workspace.write('.tidelock.yaml', POLICY.replace(/recipients: { all.*/, recipients));
    asks('recipients: { at_least: { 2: both } }');
    expect(told(check(workspace))).toEqual(['error policy/recipient-missing prod/a.yaml']);
    asks('recipients: { at_least: { 1: both } }');
    expect(told(check(workspace))).toEqual([]);
    asks('recipients: { any: [two], others: deny }\n    severity: warning');
    expect(told(check(workspace))).toEqual([
      'warning policy/recipient-missing prod/a.yaml',
      'warning policy/recipient-extra prod/a.yaml',
    ]);
    asks('key_groups: { at_least: 2, threshold: 2 }');
    expect(told(check(workspace))).toEqual([
      'error policy/key-groups prod/a.yaml',
      'error policy/key-groups prod/a.yaml',
    ]);
  });

  it('forbids those whose time is over, and allows what an entry names', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'prod/a.yaml', RECIPIENT_1);
    const over = POLICY.replace(`${RECIPIENT_1} }`, `${RECIPIENT_1}, until: 2020-01-31 }`);
    workspace.write('.tidelock.yaml', over);
    expect(told(check(workspace))).toEqual(['error policy/recipient-forbidden prod/a.yaml']);
    const entry = '{ rule: policy/recipient-forbidden, path: "prod/**", reason: on leave }';
    workspace.write('.tidelock.yaml', `${over}allow:\n  - ${entry}\n`);
    expect(told(check(workspace))).toEqual([]);
  });

  it.each([
    ['an unknown key', 'rulez: []', /:12:1: unknown key `rulez`/],
    ['an unknown rule id', 'allow: [{ rule: policy/nope, path: a, reason: b }]', /:12:17: no rule/],
    [
      'an expired entry',
      'allow: [{ rule: policy/changed, path: a, reason: b, until: 2020-01-01 }]',
      /expired/,
    ],
    ['a name nobody has', 'groups2: 1', /groups2/],
    ['a size without sense', 'limits: { file_size: big }', /size/],
  ])('refuses %s with its place and exit 2', (_, line, message) => {
    const workspace = makeWorkspace();
    workspace.write('.tidelock.yaml', `${POLICY}\n${line}\n`);
    const { status, stderr } = workspace.tidelock(['check']);
    expect(stderr).toMatch(message);
    expect(stderr).toContain('.tidelock.yaml:12:');
    expect(status).toBe(2);
  });
});

describe('check by .sops-check.yaml', () => {
  it('keeps its meaning, and lets a `not` accept nobody else', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'prod/a.yaml', `${RECIPIENT_1},${RECIPIENT_2}`);
    const rules = (...lines: string[]) =>
      workspace.write(
        '.sops-check.yaml',
        `rules:\n${lines.map((line) => `  - ${line}\n`).join('')}`,
      );
    rules(`match: ${RECIPIENT_1}`, `match: ${RECIPIENT_2}`);
    expect(told(check(workspace))).toEqual([]);
    rules(`match: ${RECIPIENT_1}`, 'not: { match: nobody }');
    expect(told(check(workspace))).toEqual(['error policy/recipient-extra prod/a.yaml']);
    rules(`not: { match: ${RECIPIENT_2} }`, 'matchRegex: ^age1');
    expect(told(check(workspace))).toEqual(['error policy/recipient-forbidden prod/a.yaml']);
    rules('oneOf: [{ matchRegex: ^age1 }, { match: nobody }]', '{ match: x, paths: [dev/] }');
    expect(told(check(workspace))).toEqual([]);
    rules('matchh: x');
    expect(workspace.tidelock(['check']).status).toBe(2);
  });
});

function repository(): Workspace {
  const workspace = makeWorkspace();
  workspace.git('init', '-q', '-b', 'main');
  return workspace;
}

function commit(workspace: Workspace, name: string): void {
  workspace.git('add', '-A');
  const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const made = workspace.git(...who, 'commit', '-q', '-m', name);
  expect(made.stderr).toBe('');
  workspace.git('tag', name);
}

describe('the age of a data key', () => {
  it('is told by the history, until a rotation', () => {
    const workspace = repository();
    workspace.write(
      '.tidelock.yaml',
      'version: 1\nrules: [{ paths: [a.yaml], max_data_key_age: 90d }]\n',
    );
    seal(workspace, 'a.yaml', RECIPIENT_1);
    expect(told(check(workspace))).toEqual([]);
    const old = {
      GIT_AUTHOR_DATE: '2020-01-01T00:00:00Z',
      GIT_COMMITTER_DATE: '2020-01-01T00:00:00Z',
    };
    workspace.git('add', '-A');
    const who = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    workspace.run('git', [...who, 'commit', '-qm', 'old'], { env: old });
    expect(workspace.tidelock(['set', 'a.yaml', '["user"]', '"bob"']).stderr).toBe('');
    commit(workspace, 'later');
    expect(told(check(workspace))).toEqual(['error policy/data-key-age a.yaml']);
    expect(workspace.tidelock(['rotate', '-i', 'a.yaml']).stderr).toBe('');
    expect(told(check(workspace))).toEqual([]);
  });
});

describe('check of a change', () => {
  const both = `${RECIPIENT_1},${RECIPIENT_2}`;
  const sides = (workspace: Workspace, ...args: string[]) =>
    check(workspace, '--base', 'before', '--head', 'after', ...args);

  function start(): Workspace {
    const workspace = repository();
    seal(workspace, 'prod/a.yaml', both);
    seal(workspace, 'prod/drift.yaml', RECIPIENT_1);
    workspace.write('.sops.yaml', RULE);
    commit(workspace, 'before');
    return workspace;
  }

  it('accepts honest changes, and says nothing of files it leaves alone', () => {
    const workspace = start();
    seal(workspace, 'prod/new.yaml', both);
    workspace.write('README.md', '# docs\n');
    const set = ['set', 'prod/a.yaml', '["user"]', '"bob"'];
    expect(workspace.tidelock(set).stderr).toBe('');
    commit(workspace, 'after');
    expect(told(sides(workspace))).toEqual([]);
  });

  it('judges files by the rule of the base when rule and files change together', () => {
    const workspace = start();
    workspace.write('.sops.yaml', RULE.replace(`,${RECIPIENT_2}`, ''));
    seal(workspace, 'prod/a.yaml', RECIPIENT_1);
    commit(workspace, 'after');
    const found = told(sides(workspace));
    expect(found).toContain('error policy/recipient-missing prod/a.yaml');
    expect(found).toContain('warning policy/changed .sops.yaml');
  });

  it('passes a change of policy alone, and says what becomes milder', () => {
    const workspace = start();
    workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
    commit(workspace, 'after');
    const answer = sides(workspace);
    expect(told(answer)).toEqual([
      'warning policy/changed .sops.yaml',
      'warning policy/weakened .sops.yaml',
    ]);
    expect(answer.status).toBe(0);
    expect(sides(workspace, '--fail-on', 'weakened').status).toBe(1);
  });

  it('says when a removed recipient keeps the data key', () => {
    const workspace = start();
    workspace.write('.sops.yaml', RULE.replace(`,${RECIPIENT_2}`, ''));
    expect(workspace.tidelock(['updatekeys', '-y', 'prod/a.yaml']).status).toBe(0);
    commit(workspace, 'after');
    expect(told(sides(workspace))).toContain('error policy/data-key-kept prod/a.yaml');
    expect(workspace.tidelock(['rotate', '-i', 'prod/a.yaml']).stderr).toBe('');
    workspace.git('tag', '-d', 'after');
    commit(workspace, 'after');
    const found = told(sides(workspace));
    expect(found.filter((line) => line.includes('data-key'))).toEqual([]);
  });

  it('takes a file that leaves its rule for an error', () => {
    const workspace = start();
    workspace.git('mv', 'prod/a.yaml', 'elsewhere.yaml');
    commit(workspace, 'after');
    expect(told(sides(workspace))).toEqual(['error policy/uncovered elsewhere.yaml']);
  });

  it('lets a comment of the change silence nothing', () => {
    const workspace = start();
    const key = ['-----BEGIN', 'PRIVATE KEY-----'].join(' ');
    workspace.write(
      'k.txt',
      `# tidelock:allow plaintext/private-key -- trust me\n${key}\nMC4CAQAwBQYDK2VwBCIEIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f\n${key.replace('BEGIN', 'END')}\n`,
    );
    commit(workspace, 'after');
    expect(told(sides(workspace))).toEqual([
      'warning policy/suppressed k.txt',
      'error plaintext/private-key k.txt',
    ]);
  });

  it('uses the first policy of a repository, and refuses revisions it does not know', () => {
    const workspace = repository();
    workspace.write('README.md', '# docs\n');
    commit(workspace, 'before');
    seal(workspace, 'prod/a.yaml', both);
    workspace.write('.sops.yaml', RULE);
    commit(workspace, 'after');
    expect(told(sides(workspace))).toEqual(['warning policy/changed .sops.yaml']);
    expect(workspace.tidelock(['check', '--base', 'nowhere']).status).toBe(2);
  });
});

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

  it('takes a rule for names in whatever folder for one that waits for its first file', () => {
    const workspace = makeWorkspace();
    seal(workspace, 'a.yaml', RECIPIENT_1);
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: (^|/)[^/]*\\.env$\n    age: ${RECIPIENT_1}\n  - age: ${RECIPIENT_1}\n`,
    );
    expect(told(check(workspace))).toEqual(['note config/dead-rule .sops.yaml']);
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
