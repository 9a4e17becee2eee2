import { chmodSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

/** Made of parts, so that no scanner takes this file for the one that leaks. */
const VALUE = ['hunter2', 'Zq81', 'xK0p'].join('-');
const PLAIN = `password: ${VALUE}\n`;
const RULE = `creation_rules:\n  - path_regex: secret\n    age: ${RECIPIENT_1}\n`;

interface Found {
  readonly findings: readonly { ruleId: string; path: string; severity: string; commit?: string }[];
  readonly files: {
    readonly examined: number;
    readonly encrypted: number;
    readonly notExamined: readonly { path: string; reason: string }[];
  };
}

function scanned(workspace: Workspace, args: readonly string[]): Found & { status: number } {
  const outcome = workspace.tidelock(['scan', '--format', 'json', ...args]);
  expect(outcome.stdout, outcome.stderr).not.toBe('');
  return { ...(JSON.parse(outcome.stdout) as Found), status: outcome.status };
}

const places = ({ findings }: Found) => findings.map(({ path, ruleId }) => `${path} ${ruleId}`);

function makeRepository(): Workspace {
  const workspace = makeWorkspace();
  workspace.git('init', '-q', '-b', 'main');
  workspace.git('config', 'user.name', 'A');
  workspace.git('config', 'user.email', 'a@example.org');
  return workspace;
}

function commit(workspace: Workspace, message: string): void {
  workspace.git('add', '-A');
  expect(workspace.git('commit', '-qm', message).status).toBe(0);
}

describe('tidelock scan', () => {
  it('names paths as seen from the folder it was given', () => {
    const w = makeWorkspace();
    w.write('deep/a/db.yaml', PLAIN);
    w.write('deep/b.txt', 'nothing\n');
    const result = scanned(w, ['deep']);
    expect(places(result)).toEqual(['a/db.yaml plaintext/sensitive-key']);
    expect(result.files).toEqual({ examined: 2, encrypted: 0, notExamined: [] });
    expect(result.status).toBe(1);
  });

  it('keeps apart files of the same name below several folders', () => {
    const w = makeWorkspace();
    w.write('one/db.yaml', PLAIN);
    w.write('two/db.yaml', PLAIN);
    expect(scanned(w, ['one', 'two/db.yaml']).findings.map(({ path }) => path)).toEqual([
      'one/db.yaml',
      'two/db.yaml',
    ]);
  });

  it('is content with what is encrypted, and counts it', () => {
    const w = makeWorkspace();
    w.copyVector('types.enc.yaml', 'secret.yaml');
    w.write('.sops.yaml', RULE);
    const result = scanned(w, []);
    expect(result).toMatchObject({ status: 0, findings: [], files: { encrypted: 1 } });
  });

  it('reads standard input under the name it is given', () => {
    const w = makeWorkspace();
    const outcome = w.tidelock(['scan', '-', '--filename-override', 'x.yaml'], { input: PLAIN });
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain('x.yaml:1:11');
  });

  it.each(['text', 'json', 'sarif', 'markdown', 'github'])('%s never shows a value', (format) => {
    const w = makeWorkspace();
    w.write('db.yaml', PLAIN);
    const { stdout, stderr, status } = w.tidelock(['scan', '--format', format]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/db(?:\.|&#46;)yaml/);
    expect(stdout + stderr).not.toContain(VALUE);
  });
});

describe('what must be encrypted', () => {
  it('is said by the nearest .sops.yaml, also above the folder within its repository', () => {
    const w = makeRepository();
    w.write('.sops.yaml', RULE);
    w.write('apps/secret.yaml', 'a: b\n');
    w.write('apps/own/secret.yaml', 'a: b\n');
    w.write('apps/own/.sops.yaml', RULE.replace('secret', 'other'));
    expect(places(scanned(w, ['apps']))).toEqual(['secret.yaml plaintext/not-encrypted']);
  });

  it('is not said from outside of the folder where there is no repository', () => {
    const w = makeWorkspace();
    w.write('.sops.yaml', RULE);
    w.write('apps/secret.yaml', 'a: b\n');
    expect(scanned(w, ['apps']).status).toBe(0);
  });

  it('is an error where it could not be looked into, by the reason', () => {
    const w = makeWorkspace();
    w.write('.sops.yaml', RULE);
    w.write('secret.bin', Uint8Array.of(0, 1, 2, 0xff));
    w.write('open.bin', Uint8Array.of(0, 1, 2, 0xff));
    w.write('secret.big', 'x'.repeat(10 * 1024 * 1024 + 1));
    w.write('lfs', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n');
    w.write('sub/.git', 'gitdir: ../.git/modules/sub\n');
    symlinkSync('lfs', w.path('secret.link'));
    run('mkfifo', [w.path('pipe')]);
    const result = scanned(w, []);
    expect(result.files.notExamined.map(({ path, reason }) => `${path} ${reason}`)).toEqual([
      'lfs lfs-pointer',
      'open.bin binary',
      'pipe unreadable',
      'secret.big too-large',
      'secret.bin binary',
      'secret.link symlink',
      'sub submodule',
    ]);
    expect(places(result)).toEqual(
      ['big', 'bin', 'link'].map((name) => `secret.${name} examined/not-examined`),
    );
    expect(result.status).toBe(1);
  });

  it('cannot be told from a broken .sops.yaml, which does not hide what else is found', () => {
    const w = makeWorkspace();
    w.write('.sops.yaml', 'creation_rules:\n  - path_rgex: x\n');
    w.write('db.yaml', PLAIN);
    const { status, stdout, stderr } = w.tidelock(['scan']);
    expect(status).toBe(2);
    expect(stdout).toContain('db.yaml:1:11');
    expect(stderr).toMatch(/\.sops\.yaml:2:5/);
  });
});

describe('tidelock scan in a repository', () => {
  it('leaves out what Git ignores, says so, and looks into it on request', () => {
    const w = makeRepository();
    w.write('.gitignore', 'local/\n');
    w.write('local/db.yaml', PLAIN);
    const outcome = w.tidelock(['scan']);
    expect(outcome.status).toBe(0);
    expect(outcome.stderr).toContain('1 name that Git ignores');
    expect(scanned(w, ['--no-ignore']).findings).toHaveLength(1);
    expect(scanned(w, ['local']).findings).toHaveLength(1);
  });

  it('--staged judges the index, not the work tree', () => {
    const w = makeRepository();
    w.write('kept/db.yaml', PLAIN);
    w.git('add', '-A');
    w.write('kept/db.yaml', 'password: ""\n');
    w.write('later.yaml', PLAIN);
    expect(places(scanned(w, ['--staged']))).toEqual(['kept/db.yaml plaintext/sensitive-key']);
    expect(scanned(w, ['--staged', 'kept']).findings).toHaveLength(1);
    expect(scanned(w, ['--staged', 'other']).findings).toHaveLength(0);
  });

  it('--range and --history find what was removed since, each once', () => {
    const w = makeRepository();
    w.write('a.txt', 'x\n');
    commit(w, 'first');
    w.write('db.yaml', PLAIN);
    commit(w, 'second');
    w.write('db.yaml', `${PLAIN}other: 1\n`);
    commit(w, 'third');
    w.write('db.yaml', 'password: ""\n');
    commit(w, 'fourth');
    const second = w.git('rev-parse', 'HEAD~2').stdout.trim();
    const history = scanned(w, ['--history']);
    expect(history.findings).toMatchObject([{ path: 'db.yaml', commit: second }]);
    expect(scanned(w, ['--range', 'HEAD~3..HEAD~2']).findings).toHaveLength(1);
    expect(scanned(w, ['--range', 'HEAD~1..']).status).toBe(0);
  });
});

describe('a baseline', () => {
  it('silences what was there, a moved line too, but no second or changed value', () => {
    const w = makeWorkspace();
    w.write('db.yaml', PLAIN);
    expect(w.tidelock(['scan', '--write-baseline']).status).toBe(0);
    expect(w.read('.tidelock-baseline.json')).not.toContain(VALUE);
    expect(scanned(w, []).status).toBe(0);
    w.write('db.yaml', `# moved\n\n${PLAIN}`);
    expect(scanned(w, []).status).toBe(0);
    w.write('db.yaml', PLAIN.replace('xK0p', 'xK0q'));
    expect(scanned(w, []).status).toBe(1);
    w.write('db.yaml', `${PLAIN}spare_password: ${VALUE}\n`);
    expect(scanned(w, []).findings).toHaveLength(1);
  });

  it('is refused when it is none, and when the named one is missing', () => {
    const w = makeWorkspace();
    w.write('.tidelock-baseline.json', '{"version":2}');
    expect(w.tidelock(['scan'])).toMatchObject({ status: 2, stdout: '' });
    expect(w.tidelock(['scan', '--baseline', 'none.json']).status).toBe(2);
  });
});

describe('what cannot be run', () => {
  it.each([
    ['a path that does not exist', ['none']],
    ['an unknown flag', ['--stagged']],
    ['an unknown flag behind a path', ['.', '--stagged']],
    ['an unknown format', ['--format', 'xml']],
    ['two scopes', ['--staged', '--history']],
    ['a range of another form', ['--range', 'HEAD']],
    ['no repository', ['--staged']],
  ])('%s is exit 2', (_, args) => {
    const w = makeWorkspace();
    const { status, stdout, stderr } = w.tidelock(['scan', ...args]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).not.toContain('ERR_INTERNAL');
  });

  it.skipIf(process.getuid?.() === 0)('a file that is closed to us is named', () => {
    const w = makeWorkspace();
    w.write('a', 'x');
    chmodSync(w.path('a'), 0);
    expect(scanned(w, []).files.notExamined).toEqual([{ path: 'a', reason: 'unreadable' }]);
  });
});

describe('files of other scanners', () => {
  const OWN = "[[rules]]\nid = 'house'\nregex = '''house_[a-z0-9]{8}'''\n";

  it('add rules and take findings away', () => {
    const w = makeWorkspace();
    w.write('db.yaml', PLAIN);
    w.write('x.txt', `see ${['house', 'k3jq8zw1'].join('_')}\n`);
    w.write('.gitleaks.toml', `${OWN}[allowlist]\npaths = ['db']\n`);
    expect(places(scanned(w, []))).toEqual(['x.txt plaintext/own-rule']);
    w.write('.gitleaksignore', 'x.txt:house:1\n');
    expect(scanned(w, []).status).toBe(0);
  });

  it('are followed where they extend one another, within the folder', () => {
    const w = makeWorkspace();
    w.write('db.yaml', PLAIN);
    w.write('.gitleaks.toml', '[extend]\nuseDefault = true\npath = "more/base.toml"\n');
    w.write('more/base.toml', "[allowlist]\nstopwords = ['hunter2']\n");
    expect(scanned(w, []).status).toBe(0);
    for (const path of ['none.toml', '../out.toml', '.gitleaks.toml']) {
      w.write('.gitleaks.toml', `[extend]\npath = "${path}"\n`);
      expect(w.tidelock(['scan'])).toMatchObject({ status: 2, stdout: '' });
    }
  });

  it('name what is judged otherwise, and are refused where they are not understood', () => {
    const w = makeWorkspace();
    w.write('.gitleaks.toml', `${OWN}secretGroup = 1\n`);
    expect(places(scanned(w, []))).toEqual(['.gitleaks.toml config/gitleaks']);
    w.write('.gitleaks.toml', `${OWN}required = [{ id = 'x' }]\n`);
    const { status, stderr } = w.tidelock(['scan']);
    expect(status).toBe(2);
    expect(stderr).toContain('.gitleaks.toml:4:1: ');
  });
});

describe('.tidelock.yaml', () => {
  const ALLOW = (more = '') =>
    `version: 1\nallow:\n  - rule: plaintext/sensitive-key\n    path: apps/*.yaml\n    reason: made up\n${more}`;

  it('allows by rule and path, seen from the top of the repository', () => {
    const w = makeRepository();
    w.write('.tidelock.yaml', ALLOW());
    w.write('apps/db.yaml', PLAIN);
    w.write('apps/deep/db.yaml', PLAIN);
    expect(scanned(w, ['apps']).findings).toMatchObject([{ path: 'deep/db.yaml' }]);
    expect(scanned(w, []).findings).toMatchObject([{ path: 'apps/deep/db.yaml' }]);
  });

  it.each([
    ['an entry that has expired', ALLOW('    until: 2020-01-01\n'), 6, 12],
    ['an unknown rule', ALLOW().replace('sensitive-key', 'sensitive'), 3, 11],
    ['an unknown key', ALLOW('    untill: 2090-01-01\n'), 6, 5],
  ])('%s is exit 2 with its place', (_, text, line, column) => {
    const w = makeWorkspace();
    w.write('.tidelock.yaml', text);
    const { status, stdout, stderr } = w.tidelock(['scan']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`.tidelock.yaml:${line}:${column}: `);
  });
});
