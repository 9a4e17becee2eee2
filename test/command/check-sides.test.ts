import { describe, expect, it } from 'vitest';
import {
  BOTH,
  type ChangeRepository,
  makeChangeRepository,
  PLAIN,
  RULES,
} from '../support/change-repository.ts';
import { told } from '../support/mini-runner.ts';
import { cleanEnv, tidelock } from '../support/program.ts';
import { makeWorkspace } from '../support/workspace.ts';

/** How the command is told what to compare, and what it says where it cannot. */

async function makePlain(): Promise<ChangeRepository> {
  const repository = await makeChangeRepository();
  repository.write('prod/new.yaml', PLAIN);
  repository.commit();
  return repository;
}

function check(repository: ChangeRepository, ...args: string[]) {
  const { folder } = repository;
  const env = cleanEnv(folder);
  const { status, stdout, stderr } = tidelock(['check', '--format', 'json', ...args], {
    cwd: folder,
    env,
  });
  return { status, stderr, found: stdout === '' ? [] : told(JSON.parse(stdout)) };
}

const FOUND = {
  status: 1,
  stderr: '',
  found: ['error policy/not-encrypted prod/new.yaml'],
};

describe('tidelock check of two sides', () => {
  it('takes a base, a base and a head, or a range', async () => {
    const repository = await makePlain();
    for (const args of [
      ['--base', 'origin/main'],
      ['--base', 'origin/main', '--head', 'change'],
      ['--base', 'origin/main', '--head', 'HEAD', '.'],
      ['--range', 'origin/main..change'],
      ['--range', 'origin/main..'],
      ['--range', 'HEAD~1..HEAD'],
    ])
      expect(check(repository, ...args), args.join(' ')).toEqual(FOUND);
    const empty = { status: 0, stderr: '', found: [] };
    expect(check(repository, '--range', 'change..change')).toEqual(empty);
  });

  it('says what is wrong in its arguments, and exits 2', async () => {
    const repository = await makePlain();
    const wrong: readonly (readonly [readonly string[], string])[] = [
      [['--range', 'main...change'], 'A..B'],
      [['--range', 'change'], 'A..B'],
      [['--range', '..'], 'A..B'],
      [['--range', 'a..b', '--base', 'c'], '--range stands alone'],
      [['--head', 'change'], '--base'],
      [['--base', 'nowhere'], 'nowhere'],
      [['--base', 'a'.repeat(40)], 'a'.repeat(40)],
      [['--base', '--output=x'], '--output=x'],
      [['--base', 'origin/main:prod/a.yaml'], 'origin/main:prod/a.yaml'],
      [['--base', 'origin/main', '--fail-on', 'anything'], '--fail-on'],
      [['--base', 'origin/main', '--format', 'xml'], 'no such --format'],
    ];
    for (const [args, word] of wrong) {
      const { status, stderr, found } = check(repository, ...args);
      expect({ status, found }, args.join(' ')).toEqual({ status: 2, found: [] });
      expect(stderr).toContain(word);
      expect(stderr).not.toMatch(/\n\s+at /);
    }
  });

  it('judges a branch that shares no commit with the base', async () => {
    const repository = await makePlain();
    const { git, write } = repository;
    git('checkout', '-q', '--orphan', 'apart');
    git('rm', '-qrf', '.');
    write('.sops.yaml', RULES);
    write('prod/apart.yaml', PLAIN);
    repository.commit();
    const { found } = check(repository, '--base', 'origin/main', '--head', 'apart');
    expect(found).toContain('error policy/not-encrypted prod/apart.yaml');
  });

  it('says that there is no repository', () => {
    const { home, env } = makeWorkspace();
    const options = { cwd: home, env };
    const sides = tidelock(['check', '--base', 'main'], options);
    expect({ status: sides.status, stdout: sides.stdout }).toEqual({ status: 2, stdout: '' });
    expect(sides.stderr).toContain('repository');
  });
});

describe('a push', () => {
  const push = (fields: object) => ({
    ref: 'refs/heads/change',
    before: '0'.repeat(40),
    repository: { default_branch: 'main' },
    ...fields,
  });

  it('of a tag, with a message of its own or not', async () => {
    const repository = await makePlain();
    const { git } = repository;
    git('tag', 'light', 'change');
    git('tag', '-a', '-m', 'release', 'heavy', 'change');
    for (const name of ['light', 'heavy']) {
      const payload = push({ ref: `refs/tags/${name}`, after: git('rev-parse', name) });
      const result = await repository.check({ event: 'push', payload });
      expect(told(result), name).toEqual(FOUND.found);
    }
  });

  it('of what was there before is nothing new', async () => {
    const repository = await makePlain();
    const payload = push({
      ref: 'refs/tags/old',
      after: repository.git('rev-parse', 'origin/main'),
    });
    expect(told(await repository.check({ event: 'push', payload }))).toEqual([]);
  });
});

describe('a pull request of a fork', () => {
  it('is fetched by the name that the forge gives it', async () => {
    const repository = await makePlain();
    const { git } = repository;
    const head = git('rev-parse', 'change');
    git('push', '-q', 'origin', 'change:refs/pull/9/head');
    const payload = {
      pull_request: {
        number: 9,
        base: { ref: 'main', sha: git('rev-parse', 'origin/main') },
        head: { ref: 'evil..branch', sha: head, repo: null },
      },
    };
    const clone = `${repository.folder}-of-fork`;
    git('clone', '-q', '--no-tags', `file://${repository.origin}`, clone);
    for (const event of ['pull_request', 'pull_request_target']) {
      const result = await repository.check({ event, payload, workspace: clone });
      expect(told(result), event).toEqual(FOUND.found);
      expect(result.connections).toEqual([]);
    }
  });
});

describe('honest changes', () => {
  it('updatekeys and rotate follow a policy that is on the base', async () => {
    const honest = await makeChangeRepository();
    const { git, seal, tidelock: run, write } = honest;
    git('checkout', '-q', '-b', 'policy');
    write(
      '.sops.yaml',
      RULES.replace(
        /\n {2}- path_regex: \^team[\s\S]*/,
        `\n  - path_regex: ^team/.*\\.yaml$\n    age: ${BOTH}\n`,
      ),
    );
    honest.commit();
    git('push', '-q', 'origin', 'policy:main');
    git('fetch', '-q', 'origin');
    git('checkout', '-q', '-B', 'change', 'origin/main');
    run('updatekeys', '-y', 'team/t.yaml');
    await seal('team/next.yaml', BOTH);
    run('rotate', '-i', 'prod/a.yaml');
    git('rm', '-q', 'prod/b.yaml');
    write('docs/readme.md', '# Other\n');
    honest.commit();
    const result = await honest.check();
    expect(told(result)).toEqual([]);
    expect(result.status).toBe(0);
  });
});
