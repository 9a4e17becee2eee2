import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startVaultTransit } from '../../../../test/fakes/vault-transit.ts';
import { planCommand } from '../../src/commands/plan.ts';
import { makeRepository, type TestRepository, testPorts } from '../support/repository.ts';
import { daysAgo, encrypted, person, sopsConfig } from '../support/tree.ts';

const [bot, bob, alice] = [person(), person(), person()];

async function plan(repository: TestRepository, ...args: readonly string[]) {
  const { ports, said } = testPorts(repository.folder);
  const code = await planCommand(args, ports);
  return { code, ...said() };
}

async function prepared() {
  const repository = makeRepository();
  repository.write('.sops.yaml', sopsConfig(['^prod/', [[bot, bob]]]));
  repository.write('prod/a.yaml', await encrypted('a.yaml', 'db: {password: x}\n', [[bot, bob]]));
  repository.write('readme.md', 'hello');
  repository.commit(daysAgo(100));
  return repository;
}

describe('tidelock-rotate plan', () => {
  it('finds nothing due, and says the very same a day later', async () => {
    const repository = await prepared();
    expect(await plan(repository, '--check')).toMatchObject({
      code: 0,
      stdout: 'Nothing is due: 1 up to date.\n',
    });
    const today = await plan(repository, '--json', '--now', '2026-11-24');
    const tomorrow = await plan(repository, '--json', '--now', '2026-11-25');
    expect(tomorrow.stdout).toBe(today.stdout);
  });

  it('reads the commit and not the work tree', async () => {
    const repository = await prepared();
    repository.write('.sops.yaml', 'creation_rules: nonsense');
    expect(await plan(repository, '--check')).toMatchObject({ code: 0 });
  });

  it('shows people who leaves, what they could read, and exits 1 with --check alone', async () => {
    const repository = await prepared();
    repository.write('.sops.yaml', sopsConfig(['^prod/', [[bot, alice]]]));
    repository.commit(daysAgo(1));
    const shown = await plan(repository);
    expect(shown).toEqual({
      code: 0,
      stderr: '',
      stdout: `1 file due in 1 group; 0 up to date.

^prod/ in .sops.yaml
  age ${alice.recipient} joins  [1 file]
  age ${bob.recipient} leaves  [1 file]
    prod/a.yaml: updatekeys, then rotate
      change at their source, they could be read:
        ["db"]["password"]
`,
    });
    expect((await plan(repository, '--check')).code).toBe(1);
    expect((await plan(repository, '--check', '--at', 'HEAD~1')).code).toBe(0);
  });

  it('tells the age of a data key from the history: a changed value keeps it', async () => {
    const repository = await prepared();
    const first = repository.read('prod/a.yaml');
    repository.write('prod/a.yaml', `# moved\n${first}`);
    repository.commit(daysAgo(5));
    repository.write('.tidelock.yaml', 'version: 1\nrotation: { schedule: 90d }\n');
    repository.commit(daysAgo(1));
    expect((await plan(repository, '--check')).stdout).toContain('due every 90 days');
    repository.write('prod/a.yaml', await encrypted('a.yaml', 'db: {password: x}\n', [[bot, bob]]));
    repository.commit(daysAgo(1));
    expect((await plan(repository, '--check')).code).toBe(0);
    expect((await plan(repository, '--check', '--now', '2027-02-20')).code).toBe(0);
    expect((await plan(repository, '--check', '--now', '2027-02-21')).code).toBe(1);
  });

  it('finds who was removed in an earlier commit while the data key was kept', async () => {
    const repository = await prepared();
    const both = await encrypted('b.json', '{"db": {"password": "x"}}', [[bot, bob]]);
    repository.git('rm', '--quiet', 'prod/a.yaml');
    repository.write('prod/b.json', both);
    repository.commit(daysAgo(20));
    const document = JSON.parse(both);
    document.sops.age = document.sops.age.filter(
      (entry: { recipient: string }) => entry.recipient !== bob.recipient,
    );
    repository.write('.sops.yaml', sopsConfig(['^prod/', [[bot]]]));
    repository.write('prod/b.json', JSON.stringify(document));
    repository.commit(daysAgo(1));
    const { stdout } = await plan(repository);
    expect(stdout).toContain(`age ${bob.recipient} left in an earlier commit`);
    expect(stdout).toContain('prod/b.json: rotate');
    expect(stdout).toContain('["db"]["password"]');
  });

  it('says that an age is unknown in a shallow clone', async () => {
    const repository = await prepared();
    repository.write('.tidelock.yaml', 'version: 1\nrotation: { schedule: 90d }\n');
    repository.commit(daysAgo(1));
    const clone = makeRepository();
    clone.git('fetch', '--quiet', '--depth=1', `file://${repository.folder}`, 'main');
    clone.git('reset', '--quiet', '--hard', 'FETCH_HEAD');
    const { code, stdout } = await plan(clone, '--check');
    expect(code).toBe(3);
    expect(stdout).toContain('prod/a.yaml: the age of its data key is unknown');
  });

  it('asks keys only when told to; what nobody can tell is not fine', async () => {
    const vault = await startVaultTransit();
    const repository = await prepared();
    const uris = ['prod', 'missing'].map((name) => `${vault.url}/v1/transit/keys/${name}`);
    const config = uris.map(
      (uri, i) => `  - path_regex: ^${i}$\n    hc_vault_transit_uri: ${uri}\n`,
    );
    repository.write('.sops.yaml', sopsConfig(['^prod/', [[bot, bob]]]) + config.join(''));
    repository.commit(daysAgo(1));
    const asking = async (token: string, ...args: readonly string[]) => {
      const { ports, said } = testPorts(repository.folder, { VAULT_TOKEN: token, CI: 'true' });
      return { code: await planCommand(args, ports), ...said() };
    };
    try {
      expect(await asking(vault.token, '--check')).toMatchObject({ code: 0 });
      expect(vault.journal).toEqual([]);
      const known = await asking(vault.token, '--check', '--ask-keys');
      expect(known.code).toBe(3);
      expect(known.stdout).toContain(
        `.sops.yaml: it names hc_vault ${uris[1]}, which is not there`,
      );
      const json = await asking(vault.token, '--json', '--ask-keys');
      expect(JSON.parse(json.stdout)).toMatchObject({ keyStates: 'known', problems: [{}] });
      expect(vault.journal.map(({ operation }) => operation)).toEqual(Array(4).fill('keys'));
      const denied = await asking('another', '--json', '--ask-keys', '--check');
      expect(denied.code).toBe(3);
      expect(JSON.parse(denied.stdout)).toMatchObject({ keyStates: 'partly', problems: [{}, {}] });
      expect(denied.stdout).toContain('state is not known: Vault denies permission (403)');
      expect(denied.stdout).toContain('lacks read on keys');
    } finally {
      await vault.close();
    }
  });

  it('names what it cannot look into where a rule means it, and nothing else', async () => {
    const repository = await prepared();
    const pointer =
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n';
    repository.write('prod/large.yaml', pointer);
    repository.write('other/large.bin', pointer);
    for (const [name, target] of [
      ['lost', '../gone.yaml'],
      ['outside', '/etc/passwd'],
      ['up', '../../x'],
      ['fine', 'a.yaml'],
      ['folder', '../prod/'],
    ] as const)
      symlinkSync(target, join(repository.folder, 'prod', name));
    symlinkSync('gone', join(repository.folder, 'other/link'));
    repository.commit(daysAgo(1));
    const { code, stdout } = await plan(repository, '--check', '--json');
    expect(code).toBe(3);
    const { problems } = JSON.parse(stdout) as { problems: { path: string; reason: string }[] };
    expect(problems.map(({ path, reason }) => [path, reason.slice(0, 22)])).toEqual([
      ['prod/large.yaml', 'it is kept in Git LFS:'],
      ['prod/lost', 'it is a symbolic link '],
      ['prod/outside', 'it is a symbolic link '],
      ['prod/up', 'it is a symbolic link '],
    ]);
  });

  it('makes hostile names harmless', async () => {
    const repository = await prepared();
    const name = 'prod/\u001b[31m\u202e\n::error::x.yaml';
    repository.write(name, await encrypted('a.yaml', '"\\u001b[2J": x\n', [[bob]]));
    repository.commit(daysAgo(1));
    for (const args of [[], ['--json']]) {
      const { stdout } = await plan(repository, ...args);
      expect(stdout).not.toMatch(/[\u001b\u202e]|^::/mu);
      expect(stdout).toContain('error::x.yaml');
    }
  });

  it.each([
    [['--nope'], 'ERR_ARGUMENT'],
    [['file'], 'ERR_ARGUMENT'],
    [['--now', 'soon'], 'ERR_ARGUMENT'],
    [['--shard', '3/3'], 'ERR_SHARD'],
    [['--at', 'nowhere'], 'ERR_GIT_REVISION'],
  ])('refuses %j', async (args, code) => {
    const repository = await prepared();
    await expect(plan(repository, ...args)).rejects.toMatchObject({ code });
  });

  it('stops at a policy that does not parse, with file, line and column', async () => {
    const repository = await prepared();
    repository.write('.tidelock.yaml', 'version: 1\nrotatoin: {}\n');
    repository.commit();
    await expect(plan(repository)).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      path: '.tidelock.yaml',
      position: { line: 2, column: 1 },
    });
    repository.write('.tidelock.yaml', 'version: 1\n');
    repository.write('.sops.yaml', 'creation_rules:\n  - path_regex: "["\n');
    repository.commit();
    await expect(plan(repository)).rejects.toMatchObject({
      code: 'ERR_CONFIG',
      path: '.sops.yaml',
    });
  });
});
