import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotOptions, encryptedFor, type Reader, reader, rules, Scene } from '../bot/scene.ts';
import { NO_PERMISSIONS } from '../fakes/github/accounts.ts';

let scene: Scene;
let alice: Reader;
let bob: Reader;

const CANARY = 'canary-5a1f9e-not-a-real-one';
const SECRET = `user: admin\npassword: ${CANARY}\n`;

/** One file that Bob can read though the rule does not name him any more. */
beforeEach(async () => {
  scene = await Scene.start();
  [alice, bob] = [reader(), reader()];
  scene.person.commit('main', {
    '.sops.yaml': rules(['prod/', [scene.bot, alice]]),
    'prod/db.yaml': await encryptedFor('prod/db.yaml', SECRET, [scene.bot, alice, bob]),
  });
});

afterEach(() => scene.stop());

const branches = () => scene.repository.git.branches('').map(({ name }) => name);

/** A run that cannot go on: exit 2, this code, and not one trace on the forge. */
async function refusal(options: BotOptions = {}) {
  const { status, stderr } = await scene.run(options);
  expect(status).toBe(2);
  expect(branches()).toEqual(['main']);
  expect(scene.open()).toEqual([]);
  expect(stderr).not.toContain(CANARY);
  return stderr;
}

const withToken = (token: string, args: readonly string[] = ['run']): BotOptions => ({
  args,
  env: { TIDELOCK_TOKEN: token },
});

describe('a forge in trouble', () => {
  it.each([
    ['502 for a commit', { on: /createCommitOnBranch/, kind: 'bad-gateway', times: 2 }],
    [
      'a commit whose answer is lost',
      { on: /createCommitOnBranch/, kind: 'bad-gateway', after: true },
    ],
    ['a cut connection', { on: /^POST .*pulls$/, kind: 'cut', after: true }],
    ['the secondary limit', { on: /^POST .*pulls$/, kind: 'secondary-limit', retryAfter: '1' }],
    ['a head that is stale', { on: /createCommitOnBranch/, kind: 'stale' }],
  ] as const)('is got over: %s', async (_, fault) => {
    scene.github.faults.push({ ...fault });
    expect(await scene.run()).toMatchObject({ status: 0 });
    expect(scene.theRequest().state).toBe('open');
    expect(branches().filter((name) => name.includes('build'))).toEqual([]);
    expect(await scene.writesOf(() => scene.run())).toEqual([]);
  });

  it('that stays in trouble ends the run, and the next one goes on', async () => {
    scene.github.faults.push({ on: /^POST .*pulls$/, kind: 'bad-gateway', times: 9 });
    const stderr = await refusal();
    expect(stderr).toContain('ERR_FORGE_UNREACHABLE');
    scene.github.faults.length = 0;
    expect(await scene.run()).toMatchObject({ status: 0 });
    expect(scene.theRequest().state).toBe('open');
  });
});

describe('nothing is begun', () => {
  it('with a token that may not write, and the permission is named', async () => {
    const permissions = { ...NO_PERMISSIONS, contents: 'read', pull_requests: 'write' } as const;
    const token = scene.github.accounts.addToken('reader', 'app', permissions);
    const stderr = await refusal(withToken(token));
    expect(stderr).toContain('ERR_FORGE_PERMISSION');
    expect(stderr).toContain('contents=write');
  });

  it('with an App that was not granted requests', async () => {
    const app = scene.github.accounts.addApp('rotator', { ...NO_PERMISSIONS, contents: 'write' });
    const env = {
      TIDELOCK_TOKEN: '',
      TIDELOCK_APP_ID: app.id,
      TIDELOCK_APP_PRIVATE_KEY: app.privateKey.replaceAll('\n', '\\n'),
    };
    const writes = await scene.writesOf(async () => {
      const stderr = await refusal({ env });
      expect(stderr).toContain('pull requests: write');
      expect(stderr).toContain('settings of the App');
    });
    expect(writes).toEqual([]);
  });

  it('with a token that may not open requests, and the branch is taken back', async () => {
    const permissions = { ...NO_PERMISSIONS, contents: 'write', pull_requests: 'read' } as const;
    const token = scene.github.accounts.addToken('half', 'app', permissions);
    const stderr = await refusal(withToken(token));
    expect(stderr).toContain('pull_requests=write');
  });

  it('with the token of Actions, unless it is told to', async () => {
    const token = scene.github.accounts.addToken('github-actions', 'actions');
    const stderr = await refusal(withToken(token));
    expect(stderr).toContain('ERR_FORGE_UNCHECKED');
    expect(stderr).toContain('create-github-app-token');
    expect(stderr).toContain('--allow-unchecked');
    const told = await scene.run(withToken(token, ['run', '--allow-unchecked']));
    expect(told.status).toBe(0);
    expect(scene.theRequest().body).toContain('No check has run');
  });

  it.each([
    [{ blocksCreations: true }, 'forbids to create'],
    [{ blocksForcePushes: true }, 'forbids force pushes'],
    [{ requiresPullRequest: true }, 'pull request'],
  ])('where the branches are protected: %o', async (rule, words) => {
    scene.repository.protections.push({ pattern: 'tidelock/*', ...rule });
    const writes = await scene.writesOf(async () => {
      const stderr = await refusal();
      expect(stderr).toContain('ERR_FORGE_PROTECTED');
      expect(stderr).toContain(words);
    });
    expect(writes).toEqual([]);
    const other = await scene.run({ args: ['run', '--branch-prefix', 'bots/rotate'] });
    expect(other.status).toBe(0);
  });

  it('where a branch leaves no room', async () => {
    scene.person.commit('tidelock', { 'README.md': 'x\n' });
    const { status, stderr } = await scene.run();
    expect(status).toBe(2);
    expect(stderr).toContain('leaves no room');
  });

  it('in an archived repository', async () => {
    scene.repository.isArchived = true;
    expect(await refusal()).toContain('archived');
  });

  it('without a token', async () => {
    expect(await refusal({ env: { TIDELOCK_TOKEN: '' } })).toContain('ERR_FORGE_TOKEN');
  });

  it('without a forge', async () => {
    const stderr = await refusal({ env: { GITHUB_API_URL: '' } });
    expect(stderr).toContain('ERR_FORGE_REMOTE');
    expect(stderr).toContain('--api-url');
  });

  it('when the token would travel in the open', async () => {
    const stderr = await refusal({ env: { GITHUB_API_URL: 'http://forge.example/api/v3' } });
    expect(stderr).toContain('https');
  });

  it.each(['.sops.yaml', '.tidelock.yaml'])('when %s does not parse', async (path) => {
    scene.person.commit('main', { [path]: 'version: [1\n' });
    const writes = await scene.writesOf(async () => {
      const stderr = await refusal();
      expect(stderr).toContain(path);
      expect(stderr).toContain('ERR_CONFIG');
    });
    expect(writes).toEqual([]);
  });
});

describe('some files are left out, the rest goes on', () => {
  it('without a key for them, and nothing is written twice', async () => {
    const other = await encryptedFor('prod/other.yaml', SECRET, [bob]);
    scene.person.commit('main', { 'prod/other.yaml': other });
    const summary = join(scene.folder, 'summary.md');
    const { status, stderr } = await scene.run({ env: { GITHUB_STEP_SUMMARY: summary } });
    expect(status).toBe(3);
    expect(stderr).toContain('left out prod/other.yaml');
    expect(readFileSync(summary, 'utf8')).toContain('- left out: prod&#47;other&#46;yaml: no key');
    expect(readFileSync(summary, 'utf8')).toMatch(/\| 1 \| opened \| https:\/\/[^ ]+\/pull\/1 \|/);
    expect(stderr).not.toContain('left out prod/db.yaml');
    const { head, body } = scene.theRequest();
    expect(body).toContain('Left out');
    expect(scene.file(head, 'prod/other.yaml')).toBe(other);
    const writes = await scene.writesOf(async () => {
      expect(await scene.run()).toMatchObject({ status: 3 });
    });
    expect(writes).toEqual([]);
  });

  it('and where not one is left, nothing is written at all', async () => {
    const other = await encryptedFor('prod/db.yaml', SECRET, [bob]);
    scene.person.commit('main', { 'prod/db.yaml': other });
    const writes = await scene.writesOf(async () => {
      const { status, stderr } = await scene.run();
      expect(status).toBe(3);
      expect(stderr).toContain('left out prod/db.yaml');
    });
    expect(writes).toEqual([]);
  });

  it('whose MAC is wrong', async () => {
    const text = 'user_unencrypted: admin\npassword: x\n';
    const made = await encryptedFor('prod/bad.yaml', text, [scene.bot, alice, bob]);
    const bad = made.replace('user_unencrypted: admin', 'user_unencrypted: root');
    scene.person.commit('main', { 'prod/bad.yaml': bad });
    const { status, stderr } = await scene.run();
    expect(status).toBe(3);
    expect(stderr).toMatch(/left out prod\/bad\.yaml: .*MAC/);
    expect(scene.file(scene.theRequest().head, 'prod/bad.yaml')).toBe(bad);
  });

  it('that are executable, unless unsigned commits are allowed', async () => {
    const { git } = scene.repository;
    const text = await encryptedFor('prod/run.yaml', SECRET, [scene.bot, alice, bob]);
    const head = git.branch('main') ?? '';
    const change = { path: 'prod/run.yaml', mode: '100755', oid: git.writeBlob(Buffer.from(text)) };
    const dana = { name: 'dana', email: 'dana@example.com' };
    const oid = git.commitTree(git.treeWith(head, [change]), [head], {
      message: 'An executable secret',
      author: dana,
      committer: dana,
    });
    git.updateRefs([{ name: 'refs/heads/main', before: head, after: oid }]);
    const { status, stderr } = await scene.run();
    expect(status).toBe(3);
    expect(stderr).toContain('left out prod/run.yaml: it is executable');
    expect(await scene.run({ args: ['run', '--allow-unsigned'] })).toMatchObject({ status: 0 });
    const branch = scene.theRequest().head;
    const entry = git
      .tree(git.branch(branch) ?? '', true)
      ?.find(({ path }) => path === change.path);
    expect(entry?.mode).toBe('100755');
    expect(scene.file(branch, 'prod/run.yaml')).not.toBe(text);
  });
});

describe('what is said', () => {
  it('holds no secret and no markup of others', async () => {
    const hostile = 'prod/<img src=x>@everyone`|\u202e\n#1.yaml';
    scene.person.commit('main', {
      [hostile]: await encryptedFor('x.yaml', SECRET, [scene.bot, bob]),
      '.tidelock.yaml': `version: 1\nrecipients:\n  'al|ice <b>@team': { age: ${alice.recipient} }\n`,
    });
    const summary = join(scene.folder, 'summary.md');
    const output = join(scene.folder, 'output.txt');
    const env = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output, TIDELOCK_DEBUG: '1' };
    const { status, stdout, stderr } = await scene.run({ env, args: ['run', '--json'] });
    expect(status).toBe(0);
    const { head, title, body } = scene.theRequest();
    const commit = scene.repository.git.commit(scene.repository.git.branch(head) ?? '');
    const written = [readFileSync(summary, 'utf8'), readFileSync(output, 'utf8')];
    const all = [stdout, stderr, title, body, head, commit.message, ...written];
    for (const text of all) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(scene.bot.identity);
      expect(text).not.toContain(scene.token);
      expect(text).not.toContain('\u202e');
    }
    for (const text of [body, title, written[0] ?? '']) {
      expect(text).not.toContain('<img');
      expect(text).not.toContain('@everyone');
      expect(text).not.toContain('@team');
    }
    expect(written[1]).toContain('opened=1');
    expect(scene.temporaryFiles).toEqual([]);
    expect(JSON.parse(stdout)).toMatchObject({ groups: [{ kind: 'opened' }], pruned: [] });
  });

  it('asks those whom the policy names, and goes on when one cannot be asked', async () => {
    scene.repository.collaborators.add('alice');
    scene.person.commit('main', {
      '.tidelock.yaml': 'version: 1\nrotation: { reviewers: ["@alice", "@nobody"] }\n',
    });
    const { status, stderr } = await scene.run();
    expect(status).toBe(0);
    expect(scene.theRequest().reviewers).toEqual(['alice']);
    expect(stderr).toContain('@nobody was not asked');
  });
});
