import { chmodSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EXAMPLE_SECRET,
  EXAMPLES,
  exampleRepository,
  MANIFEST,
} from '../support/example-repositories.ts';
import type { Outcome } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2, type Workspace } from '../support/workspace.ts';

const KEY = ['--age', RECIPIENT_1];

function init(workspace: Workspace, ...args: string[]): Outcome {
  const outcome = workspace.tidelock(['init', ...args]);
  expect(outcome.stdout + outcome.stderr).not.toContain(EXAMPLE_SECRET);
  expect(outcome.stderr).not.toContain('ERR_INTERNAL');
  return outcome;
}

function commitAll(workspace: Workspace, message: string): Outcome {
  workspace.git('add', '-A');
  return workspace.git('commit', '-qm', message);
}

/** The command that the hook prints, run as it is printed. */
function runPrintedFix(workspace: Workspace, said: string): void {
  const command = /to mend it: (.*)$/m.exec(said)?.[1] ?? 'false';
  const fixed = workspace.run('/bin/sh', ['-c', command]);
  expect({ command, status: fixed.status, stderr: fixed.stderr }).toMatchObject({ status: 0 });
}

const NEW_SECRETS: Readonly<Record<string, readonly [string, string]>> = {
  dotenv: ['.env', `API_TOKEN=${EXAMPLE_SECRET}\n`],
  flux: ['apps/production/db.secret.yaml', MANIFEST('db')],
  'argo-ksops': ['web/db.secret.yaml', MANIFEST('db')],
  terraform: ['envs/prod/secrets.auto.tfvars', `db_password = "${EXAMPLE_SECRET}"\n`],
  cleartext: ['clusters/prod/queue-secret.yaml', MANIFEST('queue')],
};

describe.each(Object.keys(EXAMPLES))('a repository of kind %s', (kind) => {
  it('is guarded: scan and check pass, a new secret is refused, mended as printed, and accepted', () => {
    const w = exampleRepository(EXAMPLES[kind] ?? {});
    expect(init(w, ...KEY, '--yes')).toMatchObject({ status: 0 });
    if (kind === 'cleartext')
      expect(w.tidelock(['migrate', 'cleartext', '--yes'])).toMatchObject({ status: 0 });
    expect(w.tidelock(['scan'])).toMatchObject({ status: 0 });
    const checked = w.tidelock(['check']);
    expect(checked, checked.stdout).toMatchObject({ status: 0 });
    expect(commitAll(w, 'guarded')).toMatchObject({ status: 0 });

    const [name = '', text = ''] = NEW_SECRETS[kind] ?? [];
    w.write(name, text);
    const refused = commitAll(w, 'a secret');
    expect(refused.status).toBe(1);
    expect(refused.stderr).toContain(name);
    expect(refused.stdout + refused.stderr).not.toContain(EXAMPLE_SECRET);
    runPrintedFix(w, refused.stderr);
    expect(w.read(name)).not.toContain(EXAMPLE_SECRET);
    expect(w.git('commit', '-qm', 'encrypted')).toMatchObject({ status: 0 });
    expect(w.tidelock(['decrypt', name]).stdout).toBe(text);
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });

    const again = init(w, ...KEY, '--yes');
    expect(again).toMatchObject({ status: 0, stdout: '' });
    expect(again.stderr).toContain('nothing to do');
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });
});

describe('a proposal', () => {
  it('is a diff that git takes, and nothing more without an answer', () => {
    const w = exampleRepository(EXAMPLES.flux ?? {});
    w.git('remote', 'add', 'origin', ['https://user', 'word@github.com/acme/fleet.git'].join(':'));
    const { status, stdout, stderr } = init(w, ...KEY);
    expect(status).toBe(1);
    expect(stderr).toContain('nothing was written');
    expect(stdout + stderr).not.toContain('word@');
    expect(w.git('status', '--porcelain').stdout).toBe('');
    const applied = w.run('git', ['apply', '-'], { input: stdout });
    expect(applied, applied.stderr).toMatchObject({ status: 0 });
    const byDiff = ['.sops.yaml', '.tidelock.yaml', '.github/workflows/tidelock.yml'].map(w.read);
    w.git('clean', '-fdq');
    expect(init(w, ...KEY, '--yes').status).toBe(0);
    expect(['.sops.yaml', '.tidelock.yaml', '.github/workflows/tidelock.yml'].map(w.read)).toEqual(
      byDiff,
    );
  });

  it('says whom it needs a key for, and how to name one', () => {
    const w = exampleRepository(EXAMPLES.dotenv ?? {});
    const { status, stdout, stderr } = init(w, '--yes');
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    for (const flag of ['--age', '--pgp', '--kms', '--gcp-kms', '--azure-kv', '--hc-vault-transit'])
      expect(stderr).toContain(flag);
  });

  it('takes every kind of key', () => {
    const w = exampleRepository(EXAMPLES.dotenv ?? {});
    const keys = {
      age: RECIPIENT_1,
      pgp: '85D77543B3D624B63CEA9E6DBC17301B491B3F21',
      kms: 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab+arn:aws:iam::123456789012:role/sops',
      'gcp-kms': 'projects/p/locations/global/keyRings/r/cryptoKeys/k',
      'azure-kv': 'https://example.vault.azure.net/keys/sops/0123456789abcdef0123456789abcdef',
      'hc-vault-transit': 'https://vault.example.org/v1/transit/keys/sops',
    };
    const flags = Object.entries(keys).flatMap(([flag, key]) => [`--${flag}`, key]);
    expect(init(w, ...flags, '--yes')).toMatchObject({ status: 0 });
    const explained = w.tidelock(['explain', '.env']);
    for (const key of Object.values(keys)) expect(explained.stdout).toContain(key.split('+')[0]);
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
    expect(init(w, ...flags, '--yes').stderr).toContain('nothing to do');
  });

  it('makes rules by folder where environments have folders of their own', () => {
    const w = exampleRepository(EXAMPLES.flux ?? {});
    init(w, ...KEY, '--yes');
    const rule = w.tidelock(['explain', 'apps/production/db.secret.yaml']).stdout;
    expect(rule).toContain('production');
    expect(w.tidelock(['explain', 'apps/staging/db.secret.yaml']).stdout).not.toBe(rule);
  });

  it('accuses nothing that is plain for a reason', () => {
    const w = exampleRepository({
      'a/external-secret.yaml': EXAMPLES['argo-ksops']?.['web/external-secret.yaml'] ?? '',
      'a/secret-store.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: b}\n',
      'chart/Chart.yaml': 'apiVersion: v2\nname: chart\nversion: 1.0.0\n',
      'chart/templates/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  a: {{ .Values.a | b64enc }}\n',
      'secrets/README.md': '# How we keep secrets\n',
    });
    expect(init(w, ...KEY, '--yes').status).toBe(0);
    expect(w.tidelock(['scan'])).toMatchObject({ status: 0 });
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
    expect(commitAll(w, 'guarded')).toMatchObject({ status: 0 });
    expect(init(w, ...KEY, '--yes').stderr).toContain('nothing to do');
  });
});

describe('what is there', () => {
  const OWN = `# our keys\nkeys:\n  - &ops ${RECIPIENT_1} # operations\ncreation_rules:\n  # clusters\n  - path_regex: clusters/.*\\.yaml$\n    encrypted_regex: ^(data|stringData)$\n    age: *ops # all of us\n`;

  it('stays: rules are added behind, comments and anchors are kept', () => {
    const w = exampleRepository({ ...EXAMPLES.dotenv, '.sops.yaml': OWN });
    expect(init(w, '--yes')).toMatchObject({ status: 0 });
    expect(w.read('.sops.yaml').startsWith(OWN)).toBe(true);
    expect(w.tidelock(['explain', '.env']).stdout).toContain(RECIPIENT_1);
    expect(init(w, '--yes').stderr).toContain('nothing to do');
  });

  it('is told how to be added to by hand where it is written in flow style', () => {
    const config = `{"creation_rules": [{"path_regex": "x", "age": "${RECIPIENT_1}"}]}\n`;
    const w = exampleRepository({ ...EXAMPLES.dotenv, '.sops.yaml': config });
    const { status, stderr } = init(w, '--yes');
    expect(status).toBe(0);
    expect(w.read('.sops.yaml')).toBe(config);
    expect(stderr).toContain('add to .sops.yaml:');
  });

  it('and encrypted keeps its readers', () => {
    const w = exampleRepository({ ...EXAMPLES.dotenv });
    w.write('.env', 'A=1\n');
    w.tidelock(['encrypt', '-i', '--age', RECIPIENT_2, '.env']);
    expect(init(w, ...KEY, '--yes').status).toBe(0);
    expect(w.tidelock(['explain', '.env']).stdout).toContain(RECIPIENT_2);
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
    w.git('clean', '-fdxq', '-e', '.env');
    expect(init(w, '--yes')).toMatchObject({ status: 0 });
    expect(w.read('.sops.yaml')).not.toContain(RECIPIENT_1);
  });

  it('keeps the line ends of Windows, in a diff that git takes', () => {
    const before: Record<string, string> = {
      '.sops.yaml': OWN,
      '.tidelock.yaml': 'version: 1\n',
      '.gitlab-ci.yml': 'stages: [build]',
      'lefthook.yml': 'pre-commit:\n  jobs:\n    - run: make\n',
    };
    const windows = Object.entries(before).map(([path, text]) => [
      path,
      text.replaceAll('\n', '\r\n'),
    ]);
    const w = exampleRepository({ ...EXAMPLES.dotenv, ...Object.fromEntries(windows) });
    w.git('config', 'core.autocrlf', 'false');
    w.git('remote', 'add', 'origin', 'https://gitlab.com/a/b.git');
    const { stdout } = init(w, ...KEY, '--local');
    expect(stdout).not.toContain('\\u{');
    expect(init(w, ...KEY, '--local', '--yes').status).toBe(0);
    for (const path of ['.sops.yaml', '.tidelock.yaml', 'lefthook.yml'])
      expect(w.read(path).replaceAll('\r\n', ''), path).not.toContain('\n');
    expect(init(w, ...KEY, '--local', '--yes').stderr).toContain('nothing to do');
  });

  it('with a mistake is refused with its place', () => {
    const w = exampleRepository({ '.sops.yaml': 'creation_rules:\n  - path_rgex: x\n' });
    const { status, stderr } = init(w, ...KEY, '--yes');
    expect(status).toBe(2);
    expect(stderr).toContain('.sops.yaml:2:5');
  });

  it('is never written through a link, and a read-only folder is refused before anything is', () => {
    const w = exampleRepository({ ...EXAMPLES.flux, '.github/workflows/ci.yml': 'on: push\n' });
    symlinkSync('../elsewhere.yaml', w.path('.sops.yaml'));
    const linked = init(w, ...KEY, '--yes');
    expect(linked.status).toBe(2);
    expect(linked.stderr).toContain('.sops.yaml is a symbolic link');
    w.run('rm', ['.sops.yaml']);
    if (process.getuid?.() !== 0) {
      chmodSync(w.path('.github/workflows'), 0o555);
      const closed = init(w, ...KEY, '--yes');
      expect(closed.status).toBe(2);
      expect(closed.stderr).toContain('read-only');
      chmodSync(w.path('.github/workflows'), 0o755);
    }
    mkdirSync(w.path('.tidelock.yaml'));
    expect(init(w, ...KEY, '--yes').stderr).toContain('.tidelock.yaml is no regular file');
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });
});

describe('hook managers', () => {
  it('husky: a line behind what is there, in three hooks', () => {
    const w = exampleRepository({
      'package.json': '{"devDependencies": {"husky": "9.1.7"}}\n',
      '.husky/pre-commit': 'npx lint-staged',
    });
    expect(init(w, ...KEY, '--yes').stderr).toContain(
      'npm install --save-dev @tidelock/pre-commit',
    );
    expect(w.read('.husky/pre-commit')).toBe('npx lint-staged\ntidelock-pre-commit\n');
    expect(w.read('.husky/pre-push')).toBe('tidelock-pre-commit --stage pre-push -- "$@"\n');
    expect(init(w, ...KEY, '--yes').stderr).toContain('nothing to do');
  });

  it('lefthook: a job beside those that are there', () => {
    const w = exampleRepository({
      'lefthook.yml':
        '# ours\npre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: npm run lint # fast\n',
    });
    init(w, ...KEY, '--yes');
    expect(w.read('lefthook.yml')).toBe(
      '# ours\npre-commit:\n  parallel: true\n  commands:\n    lint:\n      run: npm run lint # fast\n    tidelock:\n      run: tidelock-pre-commit\npre-merge-commit:\n  jobs:\n    - name: tidelock\n      run: tidelock-pre-commit --stage pre-merge-commit\npre-push:\n  jobs:\n    - name: tidelock\n      run: tidelock-pre-commit --stage pre-push -- {0}\n      use_stdin: true\n',
    );
    expect(init(w, ...KEY, '--yes').stderr).toContain('nothing to do');
  });

  it('the pre-commit framework: one more repository', () => {
    const before =
      'repos:\n  - repo: https://example.org/hooks\n    rev: v1\n    hooks:\n      - id: x\n';
    const w = exampleRepository({ '.pre-commit-config.yaml': before });
    expect(init(w, ...KEY, '--yes').stderr).toContain('pre-commit install --hook-type pre-commit');
    expect(w.read('.pre-commit-config.yaml')).toMatch(
      /^repos:\n {2}- repo: https:\/\/example[\s\S]*\n {4}- id: tidelock\n$|id: tidelock/,
    );
    expect(w.read('.pre-commit-config.yaml').startsWith(before)).toBe(true);
    expect(init(w, ...KEY, '--yes').stderr).toContain('nothing to do');
  });

  it('a committed folder of hooks: programs with a last line of ours', () => {
    const w = exampleRepository({ 'a.txt': 'a\n' });
    w.git('config', 'core.hooksPath', '.githooks');
    expect(init(w, ...KEY, '--yes').status).toBe(0);
    expect(statSync(w.path('.githooks/pre-commit')).mode & 0o100).toBe(0o100);
    w.write('db.yaml', `password: ${EXAMPLE_SECRET}\n`);
    expect(commitAll(w, 'x').status).toBe(1);
  });

  it("Git's own folder: the hook that is there runs first", () => {
    const w = exampleRepository({ 'a.txt': 'a\n' });
    w.write('.git/hooks/pre-commit', '#!/bin/sh\necho theirs\n');
    chmodSync(w.path('.git/hooks/pre-commit'), 0o755);
    init(w, ...KEY, '--yes');
    w.write('db.yaml', `password: ${EXAMPLE_SECRET}\n`);
    const refused = commitAll(w, 'x');
    expect(refused.status).toBe(1);
    expect(refused.stdout + refused.stderr).toContain('theirs');
  });
});

describe('forges', () => {
  it.each([
    ['git@gitlab.example.org:a/b.git', '.gitlab-ci.yml'],
    ['https://codeberg.org/a/b.git', '.gitea/workflows/tidelock.yml'],
    ['ssh://git@github.com:22/a/b.git', '.github/workflows/tidelock.yml'],
  ])('%s gets %s', (remote, path) => {
    const w = exampleRepository({ 'a.txt': 'a\n' });
    w.git('remote', 'add', 'origin', remote);
    init(w, ...KEY, '--yes');
    expect(w.read(path)).toContain('tidelock');
  });

  it('a pipeline that is there is shown without the lines around', () => {
    const w = exampleRepository({
      '.gitlab-ci.yml': `stages: [build]\nbuild:\n  stage: build\n  variables:\n    TOKEN: ${EXAMPLE_SECRET}`,
    });
    expect(init(w, ...KEY, '--yes').status).toBe(0);
    expect(w.read('.gitlab-ci.yml')).toMatch(
      /^stages: \[build\]\n[\s\S]*\n\n# Judges[\s\S]*stage: \.pre\n/,
    );
  });
});

describe('--local', () => {
  const keys = (w: Workspace) => join(w.home, '.config/sops/age/keys.txt');

  it('makes a key outside of the repository, once, and keeps other identities', () => {
    const w = exampleRepository(EXAMPLES.dotenv ?? {});
    mkdirSync(join(w.home, '.config/sops/age'), { recursive: true });
    const other = '# public key: of production\nAGE-PLUGIN-X\n';
    w.run('/bin/sh', ['-c', `printf '%s' "$TEXT" > ${keys(w)}; chmod 600 ${keys(w)}`], {
      env: { TEXT: other },
    });
    const first = init(w, '--local', '--yes');
    expect(first.status).toBe(0);
    const text = readFileSync(keys(w), 'utf8');
    expect(text.startsWith(other)).toBe(true);
    expect(first.stdout + first.stderr).not.toContain('AGE-SECRET-KEY');
    expect(statSync(keys(w)).mode & 0o777).toBe(0o600);
    expect(init(w, '--local', '--yes').stderr).toContain('nothing to do');
    expect(readFileSync(keys(w), 'utf8')).toBe(text);
  });

  it('is never a reader of production: check says so wherever it is used there', () => {
    const w = exampleRepository(EXAMPLES.flux ?? {});
    expect(init(w, ...KEY, '--local', '--yes').status).toBe(0);
    const local =
      /local-test: \{ age: (age1[a-z0-9]+) \}/.exec(w.read('.tidelock.yaml'))?.[1] ?? '';
    const readers = (name: string) => w.tidelock(['explain', name]).stdout;
    expect(readers('apps/dev/db.secret.yaml')).toContain(local);
    expect(readers('apps/production/db.secret.yaml')).not.toContain(local);
    expect(readers('apps/db.secret.yaml')).not.toContain(local);
    w.write('.env.example', 'A=\n');
    expect(init(w, '--yes').status).toBe(0);
    expect(readers('.env')).toContain(RECIPIENT_1);
    expect(readers('.env')).not.toContain(local);
    w.write('apps/production/db.secret.yaml', MANIFEST('db'));
    w.tidelock([
      'encrypt',
      '-i',
      '--age',
      `${RECIPIENT_1},${local}`,
      'apps/production/db.secret.yaml',
    ]);
    const checked = w.tidelock(['check']);
    expect(checked.status).toBe(1);
    expect(checked.stdout).toContain('policy/recipient-forbidden');
  });

  it('alone gives production no rule', () => {
    const w = exampleRepository(EXAMPLES.cleartext ?? {});
    const { status, stderr } = init(w, '--local', '--yes');
    expect(status).toBe(0);
    expect(stderr).toContain('a local key never reads production');
    expect(w.tidelock(['explain', 'clusters/prod/database-secret.yaml']).stdout).not.toContain(
      'age1',
    );
  });

  it.each([
    ['init --local', ['init', '--local', '--yes']],
    ['init', ['init', '--yes']],
    ['migrate cleartext', ['migrate', 'cleartext', '--yes']],
  ])('is not taken for a reader of production by a later %s', (_, args) => {
    const w = exampleRepository({
      ...EXAMPLES.cleartext,
      'apps/dev/.env': `A=${EXAMPLE_SECRET}\n`,
    });
    expect(init(w, '--local', '--yes').status).toBe(0);
    const before = w.read('.sops.yaml');
    expect(w.tidelock(args).status).toBeLessThan(2);
    expect(w.read('.sops.yaml')).toBe(before);
    expect(w.tidelock(['explain', 'clusters/prod/x-secret.yaml']).stdout).not.toContain('age1');
  });

  it('adds to a policy that is there, and refuses a key within the repository', () => {
    const policy = `version: 1\nrecipients:\n  ops: { age: ${RECIPIENT_1} } # ours\nrules:\n  - name: all\n    paths: ["x/**"]\n    recipients: { all: [ops] }\n`;
    const w = exampleRepository({ ...EXAMPLES.dotenv, '.tidelock.yaml': policy });
    expect(init(w, '--local', '--yes')).toMatchObject({ status: 0 });
    expect(w.read('.tidelock.yaml')).toContain(
      `  ops: { age: ${RECIPIENT_1} } # ours\n  local-test: {`,
    );
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
    const env = { XDG_CONFIG_HOME: w.path('config') };
    const inside = w.tidelock(['init', '--local', '--yes'], { env });
    expect(inside).toMatchObject({ status: 2 });
    expect(inside.stderr).toContain('lies within the repository');
  });
});

describe('where init cannot work', () => {
  it.each([
    ['outside of a repository', []],
    ['with two folders', ['a', 'b']],
    ['with a folder that does not exist', ['none']],
    ['with a flag nobody knows', ['--locl']],
    ['with a key that is none', ['--age', 'age1x']],
  ])('%s it ends with 2', (_, args) => {
    const w = makeWorkspace();
    expect(w.tidelock(['init', ...args])).toMatchObject({ status: 2, stdout: '' });
  });
});
