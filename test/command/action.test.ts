import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type CommentForge, startCommentForge } from '../fakes/pull-request-comments.ts';
import {
  BOTH,
  type ChangeRepository,
  makeChangeRepository,
  PLAIN,
  RULES,
  SECRET,
} from '../support/change-repository.ts';
import { runJob, told } from '../support/mini-runner.ts';
import { RECIPIENT_1, RECIPIENT_3 } from '../support/recipients.ts';

const ZERO = '0'.repeat(40);
const push = (fields: object) => ({
  ref: 'refs/heads/change',
  before: ZERO,
  repository: { default_branch: 'main' },
  ...fields,
});

describe('honest changes pass', () => {
  it('an edit, a new encrypted file, a deletion, documentation', async () => {
    const repository = await makeChangeRepository();
    await repository.seal('prod/new.yaml', BOTH);
    repository.tidelock('set', 'prod/a.yaml', '["user"]', '"other"');
    repository.remove('prod/b.yaml');
    repository.write('docs/readme.md', '# Other\n');
    repository.commit();
    const result = await repository.check();
    expect(told(result)).toEqual([]);
    expect(result.status).toBe(0);
    expect(result.outputs.get('errors')).toBe('0');
  });

  it('a rotation, with a recipient removed or not', async () => {
    const repository = await makeChangeRepository();
    repository.tidelock('rotate', '-i', 'prod/a.yaml');
    repository.commit();
    const result = await repository.check();
    expect(told(result)).toEqual([]);
  });

  it('a base that has moved on', async () => {
    const repository = await makeChangeRepository();
    repository.write('docs/readme.md', '# Other\n');
    repository.commit();
    repository.git('checkout', '-q', '-b', 'later', 'origin/main');
    await repository.seal('team/t.yaml', BOTH);
    repository.write(
      '.sops.yaml',
      RULES.replace(`    age: ${RECIPIENT_1}\n`, `    age: ${BOTH}\n`),
    );
    repository.commit();
    repository.git('push', '-q', 'origin', 'later:main');
    repository.git('checkout', '-q', 'change');
    const result = await repository.check();
    expect(told(result)).toEqual([]);
  });

  it('the first policy, and says that it is', async () => {
    const repository = await makeChangeRepository(({ remove }) => remove('.sops.yaml'));
    repository.write('.sops.yaml', RULES);
    repository.commit();
    const result = await repository.check();
    expect(told(result)).toEqual(['warning policy/changed .sops.yaml']);
    expect(result.findings[0]?.message).toContain('first policy');
    expect(result.status).toBe(0);
  });

  it('without any policy plaintext alone is looked for, and that is said', async () => {
    const repository = await makeChangeRepository(({ remove }) => remove('.sops.yaml'));
    await repository.seal('prod/c.yaml', RECIPIENT_3);
    repository.commit();
    const result = await repository.check();
    expect(told(result)).toEqual([]);
    expect(result.summary).toContain('only plaintext');
  });

  it('shows who gains and who loses access, by files and by changed rules', async () => {
    const repository = await makeChangeRepository();
    repository.write('.sops.yaml', RULES.replace(`${BOTH}\n`, `${RECIPIENT_1},${RECIPIENT_3}\n`));
    repository.commit();
    const { summary, status } = await repository.check();
    expect(status).toBe(0);
    expect(summary).toContain('Once the files follow');
    expect(summary).toMatch(new RegExp(`${RECIPIENT_3}.*prod&#47;a&#46;yaml<br>prod&#47;b`));
  });
});

describe('connections', () => {
  it('are none at all with a complete history and no comment', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    repository.commit();
    const result = await repository.check();
    expect(result.status).toBe(1);
    expect(result.connections).toEqual([]);
    expect(result.gitRuns.filter((args) => args.includes('fetch'))).toEqual([]);
  });

  it('a shallow clone is deepened by one fetch from its own remote', async () => {
    const { repository, folder } = await shallowClone();
    const result = await runJob({
      workspace: folder,
      event: 'pull_request',
      payload: repository.payload(),
    });
    expect(told(result)).toEqual(['error plaintext/sensitive-key app/config.yaml']);
    const fetches = result.gitRuns.filter((args) => args.includes('fetch'));
    expect(fetches).toHaveLength(1);
    expect(fetches[0]).toContain('origin');
  });

  it('where that is refused it exits 2 and says what to add', async () => {
    const { repository, folder } = await shallowClone();
    repository.git('-C', folder, 'remote', 'set-url', 'origin', '/nowhere');
    const result = await runJob({
      workspace: folder,
      event: 'pull_request',
      payload: repository.payload(),
    });
    expect(result.status).toBe(2);
    expect(result.log).toContain('fetch-depth: 0');
    expect(result.findings).toEqual([]);
  });
});

/** As actions/checkout leaves it by default: one commit of the change, nothing of the base. */
async function shallowClone(): Promise<{ repository: ChangeRepository; folder: string }> {
  const repository = await makeChangeRepository();
  repository.write('app/config.yaml', SECRET);
  repository.commit();
  repository.remove('app/config.yaml');
  repository.commit();
  repository.git('push', '-q', 'origin', 'change:refs/pull/7/head');
  const folder = `${repository.folder}-shallow`;
  repository.git('init', '-q', folder);
  repository.git('-C', folder, 'remote', 'add', 'origin', `file://${repository.origin}`);
  repository.git('-C', folder, 'fetch', '-q', '--depth=1', 'origin', 'refs/pull/7/head');
  repository.git('-C', folder, 'checkout', '-q', 'FETCH_HEAD');
  return { repository, folder };
}

describe('events', () => {
  it('pull_request_target reads Git objects alone', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    repository.commit();
    repository.git('push', '-q', 'origin', 'change:refs/pull/7/head');
    const payload = repository.payload();
    repository.git('checkout', '-q', '--detach', 'origin/main');
    repository.git('branch', '-q', '-D', 'change');
    const result = await repository.check({ event: 'pull_request_target', payload });
    expect(told(result)).toEqual(['error policy/not-encrypted prod/new.yaml']);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('merge_group', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    const head = repository.commit();
    const payload = {
      merge_group: {
        base_sha: repository.git('rev-parse', 'origin/main'),
        head_sha: head,
        head_ref: 'refs/heads/gh-readonly-queue/main/pr-7',
      },
    };
    const result = await repository.check({ event: 'merge_group', payload });
    expect(told(result)).toEqual(['error policy/not-encrypted prod/new.yaml']);
  });

  it('push, of a branch that is new, that moves, that is forced, and that is deleted', async () => {
    const repository = await makeChangeRepository();
    repository.write('docs/readme.md', '# One\n');
    const first = repository.commit();
    repository.write('prod/new.yaml', PLAIN);
    const second = repository.commit();
    const run = (fields: object) => repository.check({ event: 'push', payload: push(fields) });
    const error = ['error policy/not-encrypted prod/new.yaml'];
    expect(told(await run({ after: second }))).toEqual(error);
    expect(told(await run({ before: first, after: second }))).toEqual(error);
    expect(told(await run({ before: second, after: first, forced: true }))).toEqual([]);
    const gone = { before: 'a'.repeat(40), after: second, forced: true };
    expect(told(await run(gone))).toEqual(error);
    const deleted = await run({ before: second, after: ZERO, deleted: true });
    expect(deleted.status).toBe(0);
  });

  it('push: what an earlier push loosened judges nothing', async () => {
    const repository = await makeChangeRepository();
    repository.write('.sops.yaml', 'creation_rules: []\n');
    const before = repository.commit();
    repository.write('prod/new.yaml', PLAIN);
    const after = repository.commit();
    const result = await repository.check({ event: 'push', payload: push({ before, after }) });
    expect(told(result)).toContain('error policy/not-encrypted prod/new.yaml');
  });

  it('schedule and workflow_dispatch judge the whole tree', async () => {
    const repository = await makeChangeRepository(({ write }) => write('prod/plain.yaml', PLAIN));
    const sha = repository.git('rev-parse', 'origin/main');
    for (const event of ['schedule', 'workflow_dispatch']) {
      const result = await repository.check({ event, sha, payload: {} });
      expect(told(result)).toEqual(['error policy/not-encrypted prod/plain.yaml']);
    }
  });

  it('exits 2 for another event, an unreadable one, one without a base, a base that is gone', async () => {
    const repository = await makeChangeRepository();
    repository.commit();
    const { pull_request: pull } = repository.payload();
    const gone = { ...pull, base: { ref: 'gone', sha: 'a'.repeat(40) } };
    for (const job of [
      { event: 'issues', payload: {} },
      { payload: 'no JSON' },
      { payload: { pull_request: { ...pull, base: {} } } },
      { payload: { pull_request: gone } },
      { inputs: { 'policy-source': 'mine' } },
    ]) {
      const result = await repository.check(job);
      expect(result.status).toBe(2);
      expect(result.annotations.map(({ kind }) => kind)).toEqual(['error']);
      expect(result.log).not.toMatch(/\n\s+at /);
    }
  });

  it('a policy of the base that cannot be read stops all but what mends it', async () => {
    const broken = ({ write }: ChangeRepository) => write('.tidelock.yaml', 'version: 2\n');
    const repository = await makeChangeRepository(broken);
    repository.write('docs/readme.md', '# Other\n');
    repository.commit();
    const stopped = await repository.check();
    expect(stopped.status).toBe(2);
    expect(stopped.log).toContain('.tidelock.yaml');
    repository.git('reset', '-q', '--hard', 'origin/main');
    repository.write('.tidelock.yaml', 'version: 1\n');
    repository.commit();
    const mended = await repository.check();
    expect(told(mended)).toEqual(['warning policy/changed .tidelock.yaml']);
    expect(mended.status).toBe(0);
  });

  it('a change of 5,000 commits', async () => {
    const repository = await makeChangeRepository();
    const commits = Array.from({ length: 5000 }, (_, i) => {
      const text = i === 2500 ? SECRET : `count: ${i}\n`;
      const from = i === 0 ? `from ${repository.git('rev-parse', 'origin/main')}\n` : '';
      const who = 'committer Someone <someone@example.org> 1700000000 +0000';
      return `commit refs/heads/long\n${who}\ndata 1\nx\n${from}M 100644 inline app/config.yaml\ndata ${text.length}\n${text}\n`;
    });
    repository.git('init', '-q', '--bare', `${repository.folder}-unused`);
    const stream = join(repository.folder, '.git', 'stream');
    writeFileSync(stream, commits.join(''));
    const script = join(repository.folder, '.git', 'import.sh');
    writeFileSync(script, `#!/bin/sh\nexec git fast-import --quiet < "${stream}"\n`);
    chmodSync(script, 0o755);
    repository.git('-c', `alias.load=!${script}`, 'load');
    const { pull_request: pull } = repository.payload();
    const head = { ref: 'long', sha: repository.git('rev-parse', 'long') };
    const result = await repository.check({ payload: { pull_request: { ...pull, head } } });
    expect(told(result)).toEqual(['error plaintext/sensitive-key app/config.yaml']);
  });
});

describe('output', () => {
  it('stays within the limits, worst first, and counts the rest', async () => {
    const repository = await makeChangeRepository();
    for (let i = 0; i < 400; i++) repository.write(`prod/${'long-'.repeat(40)}${i}.yaml`, PLAIN);
    repository.commit();
    const result = await repository.check();
    expect(result.findings).toHaveLength(400);
    expect(result.annotations.filter(({ kind }) => kind === 'error')).toHaveLength(10);
    expect(result.annotations.at(-1)?.text).toContain('391 more findings');
    const none = await repository.check({ inputs: { annotations: 'false' } });
    expect(none.annotations).toEqual([]);
  });

  it('fails on what it is told to', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/copy.yaml', repository.read('prod/a.yaml'));
    repository.commit();
    const status = async (failOn: string) =>
      (await repository.check({ inputs: { 'fail-on': failOn } })).status;
    expect(await status('error')).toBe(0);
    expect(await status('warning')).toBe(1);
    repository.write('prod/new.yaml', PLAIN);
    repository.commit();
    expect(await status('never')).toBe(0);
  });

  it('judges the paths it is given, and policy files anyway', async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    repository.write('team/new.yaml', PLAIN);
    repository.write('.tidelock.yaml', 'version: 1\n');
    repository.commit();
    const result = await repository.check({ inputs: { paths: 'team/**\nelse/**' } });
    expect(told(result)).toEqual([
      'warning policy/changed .tidelock.yaml',
      'error policy/not-encrypted team/new.yaml',
    ]);
  });

  it('judges by the head, or by both, where that is asked for', async () => {
    const repository = await makeChangeRepository();
    repository.write('.sops.yaml', RULES.replace('^team/', '^squad/'));
    repository.write('team/new.yaml', PLAIN);
    repository.write('squad/new.yaml', PLAIN);
    repository.commit();
    const errors = async (source: string) =>
      told(await repository.check({ inputs: { 'policy-source': source } })).filter((line) =>
        line.startsWith('error'),
      );
    const [team, squad] = ['team', 'squad'].map((n) => `error policy/not-encrypted ${n}/new.yaml`);
    expect(await errors('base')).toEqual([team]);
    expect(await errors('head')).toEqual([squad]);
    expect((await errors('both')).sort()).toEqual([squad, team]);
  });
});

describe('the comment', () => {
  const forges: CommentForge[] = [];
  afterEach(async () => {
    for (const forge of forges.splice(0)) await forge.close();
  });
  const start = async (login: string | null) => {
    const forge = await startCommentForge(login);
    forges.push(forge);
    return forge;
  };
  const withPlaintext = async () => {
    const repository = await makeChangeRepository();
    repository.write('prod/new.yaml', PLAIN);
    repository.commit();
    return repository;
  };
  const on = (repository: ChangeRepository, forge: CommentForge, comment = 'on-findings') =>
    repository.check({ inputs: { comment }, env: { GITHUB_API_URL: forge.url } });

  it('is one, renewed in place, found by marker and author over all pages', async () => {
    const forge = await start(null);
    const marker = '<!-- tidelock:check -->';
    for (let id = 1; id <= 150; id++)
      forge.comments.push({ id, body: `${marker} planted`, user: { login: 'somebody' } });
    const repository = await withPlaintext();
    const first = await on(repository, forge);
    expect(first.status).toBe(1);
    expect(forge.comments).toHaveLength(151);
    expect(first.connections).toEqual(
      expect.arrayContaining([expect.stringContaining('127.0.0.1')]),
    );
    expect(first.connections.every((one) => one.includes('127.0.0.1'))).toBe(true);
    const writes = () => forge.requests.filter((line) => !line.startsWith('GET'));
    await on(repository, forge);
    expect(writes()).toEqual(['POST /repos/octo/example/issues/7/comments']);
    repository.remove('prod/new.yaml');
    repository.git('commit', '-q', '-a', '--amend', '-m', 'amended', '--allow-empty');
    await on(repository, forge);
    expect(writes().at(-1)).toBe('PATCH /repos/octo/example/issues/comments/151');
    expect(forge.comments).toHaveLength(151);
    expect(forge.comments.at(-1)?.body).toContain('no findings');
  });

  it('is not written where there is nothing to say, unless it always is', async () => {
    const forge = await start('octo-bot');
    const repository = await makeChangeRepository();
    repository.write('docs/readme.md', '# Other\n');
    repository.commit();
    await on(repository, forge);
    expect(forge.comments).toEqual([]);
    await on(repository, forge, 'always');
    expect(forge.comments).toHaveLength(1);
  });

  it('that may not be written is a notice, and changes no result', async () => {
    const forge = await start(null);
    const repository = await withPlaintext();
    for (const status of [403, 404, 500]) {
      forge.refuseWith = status;
      const result = await on(repository, forge);
      expect(result.status).toBe(1);
      expect(result.annotations.at(-1)?.kind).toBe('notice');
      expect(result.annotations.at(-1)?.text).toContain(String(status));
    }
  });
});
