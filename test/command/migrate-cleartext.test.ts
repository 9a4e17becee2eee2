import { randomBytes } from 'node:crypto';
import { chmodSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blobsOf, formsOf } from '../support/canary.ts';
import {
  EXAMPLE_SECRET,
  EXAMPLES,
  exampleRepository,
  MANIFEST,
} from '../support/example-repositories.ts';
import type { Outcome } from '../support/program.ts';
import { RECIPIENT_1, RECIPIENT_2, type Workspace } from '../support/workspace.ts';

const KEY = ['--age', RECIPIENT_1];

function migrate(w: Workspace, secrets: readonly string[], ...args: string[]): Outcome {
  const outcome = w.tidelock(['migrate', 'cleartext', ...args]);
  const said = outcome.stdout + outcome.stderr;
  for (const form of secrets.flatMap(formsOf)) expect(said).not.toContain(form);
  expect(said).not.toContain('ERR_INTERNAL');
  return outcome;
}

interface Plan {
  readonly applied: boolean;
  readonly files: readonly { path: string; values: string[]; selection: unknown; rule: number }[];
  readonly by_hand: readonly { path: string; reason: string }[];
  readonly history: {
    readonly commits: readonly { commit: string; path: string; values: string[] }[];
    readonly blobs: readonly string[];
    readonly rewrite: string | null;
  };
}
const asPlan = ({ stdout }: Outcome): Plan => JSON.parse(stdout) as Plan;

/** One secret of each kind, each its own random value. */
function secretRepository(): { w: Workspace; secrets: string[] } {
  const secrets = Array.from({ length: 5 }, () => `${randomBytes(9).toString('hex')}Zq-9`);
  const [a = '', b = '', c = '', d = '', e = ''] = secrets;
  const w = exampleRepository({
    'README.md': '# Configuration\n',
    'clusters/prod/db-secret.yaml': `# the database\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  password: ${Buffer.from(a).toString('base64')}\n`,
    'clusters/prod/two.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: plain\ndata:\n  LOG: info\n---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: two\nstringData:\n  token: ${b}\n`,
    'config/app.json': `{"database": {"user": "app", "password": "${c}"}}\n`,
    '.env': `API_TOKEN=${d}\nDEBUG=1\n`,
    'terraform/prod.tfvars': `db_password = "${e}"\n`,
  });
  return { w, secrets };
}

describe('tidelock migrate cleartext', () => {
  it('shows a plan and writes nothing until it is told to', () => {
    const { w, secrets } = secretRepository();
    const text = migrate(w, secrets, ...KEY);
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('["data"]["password"]');
    expect(text.stdout).toContain('API_TOKEN (line 1)');
    const plan = asPlan(migrate(w, secrets, ...KEY, '--json'));
    expect(plan).toMatchObject({ applied: false, by_hand: [] });
    expect(plan.files.map(({ path, values }) => [path, ...values])).toEqual([
      ['.env', 'API_TOKEN (line 1)'],
      ['clusters/prod/db-secret.yaml', '["data"]["password"]'],
      ['clusters/prod/two.yaml', '["stringData"]["token"]'],
      ['config/app.json', '["database"]["password"]'],
      ['terraform/prod.tfvars', 'db_password (line 1)'],
    ]);
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it('encrypts in place: no value in the new commit in any form, check passes, all decrypts', () => {
    const { w, secrets } = secretRepository();
    const plain = new Map(
      ['.env', 'clusters/prod/two.yaml', 'config/app.json'].map((path) => [path, w.read(path)]),
    );
    const done = migrate(w, secrets, ...KEY, '--yes');
    expect(done).toMatchObject({ status: 0 });
    const commit = /^ {2}(git add .*)$/m.exec(done.stdout)?.[1] ?? 'false';
    const committed = w.run('/bin/sh', ['-c', commit]);
    expect(committed, committed.stderr).toMatchObject({ status: 0 });
    expect(w.git('status', '--porcelain').stdout).toBe('');
    const blobs = blobsOf(w, 'HEAD');
    expect(blobs.length).toBeGreaterThan(6);
    for (const blob of blobs)
      for (const form of secrets.flatMap(formsOf)) expect(blob.includes(form)).toBe(false);
    const checked = w.tidelock(['check', '--verify']);
    expect(checked, checked.stdout).toMatchObject({ status: 0 });
    expect(w.tidelock(['scan'])).toMatchObject({ status: 0 });
    for (const [path, text] of plain) expect(w.tidelock(['decrypt', path]).stdout).toBe(text);
    expect(w.read('clusters/prod/db-secret.yaml')).toMatch(
      /^# the database\napiVersion: v1\nkind: Secret\n/,
    );
  });

  it('names every commit that still holds them, and the command that takes just those blobs out', () => {
    const { w, secrets } = secretRepository();
    w.git('checkout', '-qb', 'side');
    w.git('mv', '.env', 'old.env');
    w.git('commit', '-qam', 'moved');
    w.git('checkout', '-q', 'main');
    w.write('.env', w.read('.env').replace('DEBUG=1', 'DEBUG=2'));
    w.git('commit', '-qam', 'changed');
    const head = w.git('rev-parse', 'HEAD').stdout.trim();
    const before = asPlan(migrate(w, secrets, ...KEY, '--json', '--yes')).history;
    expect(before.commits.filter(({ path }) => path.endsWith('.env'))).toMatchObject([
      { path: '.env', values: ['API_TOKEN (line 1)'] },
      { path: 'old.env' },
      { commit: head, path: '.env' },
    ]);
    w.git('add', '-A');
    w.git('commit', '-qm', 'encrypted');
    const after = asPlan(migrate(w, secrets, '--json'));
    expect(after.files).toEqual([]);
    expect(after.history.commits.length).toBeGreaterThan(5);
    const tree = w.git('ls-tree', '-r', 'HEAD').stdout;
    for (const blob of after.history.blobs) {
      expect(after.history.rewrite).toContain(blob);
      expect(tree).not.toContain(blob);
    }
    expect(w.git('rev-parse', 'HEAD~1').stdout.trim()).toBe(head);
  });

  it('names what was added in plain text to an encrypted file', () => {
    const w = exampleRepository({ 'a.enc.yaml': MANIFEST('a', 'example-value-one') });
    w.tidelock(['encrypt', '-i', ...KEY, '--encrypted-regex', '^(data|stringData)$', 'a.enc.yaml']);
    const added = w
      .read('a.enc.yaml')
      .replace('stringData:', `stringData:\n  more: ${EXAMPLE_SECRET}`);
    w.write('a.enc.yaml', added);
    const outcome = migrate(w, [EXAMPLE_SECRET], ...KEY, '--yes', '--json');
    expect(outcome.status).toBe(1);
    expect(asPlan(outcome)).toMatchObject({
      files: [],
      by_hand: [{ path: 'a.enc.yaml', values: ['["stringData"]["more"]'] }],
    });
    expect(asPlan(outcome).by_hand[0]?.reason).toContain('encrypted in part');
    expect(w.read('a.enc.yaml')).toBe(added);
  });

  it('leaves to a person what encryption would break, and says why', () => {
    const w = exampleRepository({
      'src/main.js': `const password = "${EXAMPLE_SECRET}";\n`,
      'docker-compose.yml': `services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: ${EXAMPLE_SECRET}\n`,
      'deploy.yaml': `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\nspec:\n  template:\n    spec:\n      containers:\n        - name: a\n          env:\n            - {name: DB_PASSWORD, value: ${EXAMPLE_SECRET}}\n`,
      'NOTES.md': `the one with ${Buffer.from(EXAMPLE_SECRET).toString('base64')}\n`,
      'db.secret.yaml': `# was ${EXAMPLE_SECRET}\napiVersion: v1\nkind: Secret\nmetadata: {name: a}\nstringData:\n  password: ${EXAMPLE_SECRET}\n`,
      '.env': `TOKEN=${EXAMPLE_SECRET}\n`,
    });
    const outcome = migrate(w, [EXAMPLE_SECRET], ...KEY, '--yes', '--json');
    expect(outcome.status).toBe(1);
    const { files, by_hand } = asPlan(outcome);
    expect(files.map(({ path }) => path)).toEqual(['.env']);
    expect(by_hand.map(({ path }) => path).sort()).toEqual([
      'NOTES.md',
      'db.secret.yaml',
      'deploy.yaml',
      'docker-compose.yml',
      'src/main.js',
    ]);
    expect(w.read('db.secret.yaml')).toContain(EXAMPLE_SECRET);
  });

  it('follows the rules that are there, and their keys', () => {
    const w = exampleRepository({
      '.sops.yaml': `creation_rules:\n  - path_regex: ^config/\n    encrypted_regex: password\n    age: ${RECIPIENT_2}\n`,
      'config/app.json': `{"host": "db", "password": "${EXAMPLE_SECRET}"}\n`,
      'other.env': `TOKEN=${EXAMPLE_SECRET}\n`,
    });
    const before = w.read('.sops.yaml');
    expect(migrate(w, [EXAMPLE_SECRET], '--yes').status).toBe(0);
    expect(w.read('.sops.yaml').startsWith(before)).toBe(true);
    expect(w.read('config/app.json')).toContain('"host": "db"');
    expect(w.read('other.env')).toContain(RECIPIENT_2);
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
  });

  it('is content where nothing is in plain text', () => {
    const w = exampleRepository(EXAMPLES.flux ?? {});
    expect(migrate(w, [], ...KEY, '--yes')).toMatchObject({ status: 0, stdout: '' });
    const empty = exampleRepository({});
    expect(migrate(empty, [], '--yes')).toMatchObject({ status: 0, stdout: '' });
  });

  it('writes nothing where one file could not be written, nor without a key', () => {
    const { w, secrets } = secretRepository();
    expect(migrate(w, secrets, '--yes')).toMatchObject({ status: 2, stdout: '' });
    const link = exampleRepository({ 'real.env': `TOKEN=${EXAMPLE_SECRET}\n` });
    symlinkSync('elsewhere', link.path('.sops.yaml'));
    expect(migrate(link, [EXAMPLE_SECRET], ...KEY, '--yes').stderr).toContain('symbolic link');
    expect(link.read('real.env')).toContain(EXAMPLE_SECRET);
    if (process.getuid?.() === 0) return;
    chmodSync(w.path('config'), 0o555);
    expect(migrate(w, secrets, ...KEY, '--yes')).toMatchObject({ status: 2 });
    expect(w.git('status', '--porcelain').stdout).toBe('');
    chmodSync(w.path('config'), 0o755);
  });

  it.each([
    ['nothing', ['migrate']],
    ['an unknown place', ['migrate', 'paper']],
    ['an unknown flag', ['migrate', 'cleartext', '--yess']],
    ['a folder that does not exist', ['migrate', 'cleartext', 'none']],
  ])('%s is exit 2', (_, args) => {
    const w = exampleRepository({});
    expect(w.tidelock(args)).toMatchObject({ status: 2, stdout: '' });
  });
});
