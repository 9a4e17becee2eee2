import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NO_PERMISSIONS } from '../../../../test/fakes/github/accounts.ts';
import { type FakeGithub, startFakeGithub } from '../../../../test/fakes/github/fake-github.ts';
import type { ForgeRepository } from '../../../../test/fakes/github/forge-state.ts';
import type { Forge, NewFile } from '../../src/forge/forge.ts';
import type { GithubCredential } from '../../src/forge/github-client.ts';
import { connectGithub } from '../../src/forge/github-forge.ts';

let github: FakeGithub;
let repository: ForgeRepository;
let base: string;

beforeEach(async () => {
  github = await startFakeGithub();
  repository = github.addRepository('acme', 'shop');
  base = github.person('dana', repository).commit('main', { 'a.txt': 'a\n', 'b/c.txt': 'c\n' });
});

afterEach(() => github.close());

const connect = (credential: GithubCredential) =>
  connectGithub({
    apiUrl: github.apiUrl,
    credential,
    repository: { owner: 'acme', name: 'shop' },
    paceMs: 0,
    onWait: () => undefined,
    buildName: (branch) => `build/${branch}`,
  });

const asBot = () => connect({ kind: 'token', token: github.accounts.addToken('rotator', 'app') });

const file = (path: string, text: string, mode: NewFile['mode'] = '100644'): NewFile => ({
  path,
  mode,
  bytes: Buffer.from(text),
});

async function push(forge: Forge, files: readonly NewFile[], before: string | null = null) {
  return forge.moveBranch({
    branch: 'bot/one',
    base,
    before,
    message: 'Rotate\n\nWhy: because',
    files,
  });
}

const open = (forge: Forge) =>
  forge.openRequest({ branch: 'bot/one', base: 'main', title: 'Rotate', body: 'why' });

const writes = () => github.journal.filter(({ kind }) => kind === 'write').length;

describe('facts', () => {
  it('tells who the token is and where the base stands', async () => {
    const facts = await (await asBot()).facts({ baseBranch: null, branchFor: () => 'bot/x' });
    expect(facts).toMatchObject({
      login: 'rotator[bot]',
      token: 'app',
      canWriteFiles: null,
      defaultBranch: 'main',
      baseTip: base,
      hasMergeQueue: false,
    });
    expect(writes()).toBe(0);
  });

  it('knows an App by its own key, and what it was granted', async () => {
    const app = github.accounts.addApp('rotator', { ...NO_PERMISSIONS, contents: 'write' });
    const forge = await connect({
      kind: 'app',
      appId: app.id,
      privateKey: app.privateKey,
      installationId: null,
    });
    const facts = await forge.facts({ baseBranch: 'main', branchFor: () => 'bot/x' });
    expect(facts).toMatchObject({ token: 'app', canWriteFiles: true, canWriteRequests: false });
  });

  it('knows the token of a job, and what a person may not', async () => {
    const job = await connect({
      kind: 'token',
      token: github.accounts.addToken('github-actions', 'actions'),
    });
    expect((await job.facts({ baseBranch: null, branchFor: () => 'b' })).token).toBe('job');
    const permissions = { ...NO_PERMISSIONS, contents: 'read' as const };
    const token = github.accounts.addToken('reader', 'user', permissions);
    const reader = await connect({ kind: 'token', token });
    const facts = await reader.facts({ baseBranch: null, branchFor: () => 'b' });
    expect(facts).toMatchObject({ token: 'user', canWriteFiles: false });
  });

  it('reads the rules for its branches', async () => {
    repository.protections.push({
      pattern: 'bot/*',
      blocksCreations: true,
      requiresSignatures: true,
    });
    const facts = await (await asBot()).facts({ baseBranch: null, branchFor: () => 'bot/x' });
    expect([...facts.branchRules].sort()).toEqual(['creation', 'signatures']);
  });
});

describe('a branch', () => {
  it('is made by one signed commit, and moves once', async () => {
    const forge = await asBot();
    const tip = await push(forge, [file('a.txt', 'new\n')]);
    expect(repository.git.branch('bot/one')).toBe(tip);
    expect(repository.git.readFile(tip, 'a.txt')).toBe('new\n');
    expect(repository.git.readFile(tip, 'b/c.txt')).toBe('c\n');
    expect(repository.verified.has(tip)).toBe(true);
    expect(repository.git.branches('build/')).toEqual([]);
    const { mergeBase, commits } = await forge.compare(base, tip);
    expect(mergeBase).toBe(base);
    expect(commits).toMatchObject([
      { oid: tip, parents: [base], author: 'rotator[bot]', message: 'Rotate\n\nWhy: because' },
    ]);
    const again = await push(forge, [file('a.txt', 'newer\n')], tip);
    expect((await forge.compare(base, again)).commits).toHaveLength(1);
  });

  it('takes several commits when there is much, and still moves once', async () => {
    const forge = await asBot();
    const files = Array.from({ length: 900 }, (_, i) => file(`many/${i}.txt`, `${i}\n`));
    const tip = await push(forge, files);
    expect((await forge.compare(base, tip)).commits).toHaveLength(3);
    expect((await forge.tree(tip)).size).toBe(902);
  });

  it('keeps a mode through the data API', async () => {
    const forge = await asBot();
    const tip = await push(forge, [file('run.sh', '#!/bin/sh\n', '100755')]);
    expect((await forge.tree(tip)).get('run.sh')?.mode).toBe('100755');
    expect(repository.git.branches('build/')).toEqual([]);
  });

  it('does not move when somebody moved it', async () => {
    const forge = await asBot();
    const theirs = github.person('eve', repository).commit('bot/one', { 'x.txt': 'x\n' });
    const moved = push(forge, [file('a.txt', 'new\n')]);
    await expect(moved).rejects.toMatchObject({ code: 'ERR_FORGE_STALE' });
    expect(repository.git.branch('bot/one')).toBe(theirs);
  });

  it('leaves no trace when it fails on the way', async () => {
    const forge = await asBot();
    github.faults.push({ on: /createCommitOnBranch/, kind: 'forbidden' });
    const moved = push(forge, [file('a.txt', 'new\n')]);
    await expect(moved).rejects.toMatchObject({ code: 'ERR_FORGE_PERMISSION' });
    expect(repository.git.branches('')).toEqual([{ name: 'main', oid: base }]);
  });

  it.each(['MUTATION createCommitOnBranch', 'MUTATION updateRefs'])(
    'is whole when the answer to %s is lost',
    async (on) => {
      const forge = await asBot();
      github.faults.push({ on: new RegExp(on), kind: 'bad-gateway', after: true, times: 1 });
      const tip = await push(forge, [file('a.txt', 'new\n')]);
      expect(repository.git.branch('bot/one')).toBe(tip);
      expect(repository.git.commitsBetween(base, tip)).toHaveLength(1);
      expect(repository.git.branches('build/')).toEqual([]);
    },
  );

  it('is refused by a rule in words that help', async () => {
    repository.protections.push({ pattern: '*one', blocksCreations: true });
    const forge = await asBot();
    await expect(push(forge, [file('a.txt', 'new\n')])).rejects.toMatchObject({
      code: 'ERR_FORGE_PROTECTED',
      hint: expect.stringContaining('--branch-prefix'),
    });
  });

  it('is not made by a token that may not, and the permission is named', async () => {
    const permissions = { ...NO_PERMISSIONS, contents: 'read' as const };
    const token = github.accounts.addToken('reader', 'app', permissions);
    const forge = await connect({ kind: 'token', token });
    const start = push(forge, [file('a.txt', 'new\n')]);
    await expect(start).rejects.toMatchObject({ code: 'ERR_FORGE_PERMISSION' });
    await expect(start).rejects.toThrow(/contents/);
  });
});

describe('a request', () => {
  it('is opened, found, changed, commented, labelled and closed', async () => {
    const forge = await asBot();
    repository.collaborators.add('alice');
    await push(forge, [file('a.txt', 'new\n')]);
    const { number } = await open(forge);
    await forge.addLabels(number, ['rotation']);
    await forge.askReview(number, ['@alice', '@acme/platform', 'mail@example.com']);
    await forge.comment(number, 'hello');
    await forge.changeRequest(number, { body: 'other' });
    const [found] = await forge.openRequests('main');
    expect(found).toMatchObject({
      number,
      body: 'other',
      author: 'rotator[bot]',
      branch: 'bot/one',
    });
    expect(repository.pull(number)).toMatchObject({
      labels: ['rotation'],
      reviewers: ['alice'],
      teams: ['platform'],
    });
    expect(await forge.comments(number)).toEqual([{ author: 'rotator[bot]', body: 'hello' }]);
    await forge.changeRequest(number, { state: 'closed' });
    expect(await forge.openRequests('main')).toEqual([]);
    expect(await forge.requestsOf('bot/one')).toMatchObject([{ number, state: 'closed' }]);
  });

  it('is one, though the answer was lost or another run was first', async () => {
    const forge = await asBot();
    await push(forge, [file('a.txt', 'new\n')]);
    github.faults.push({ on: /^POST .*\/pulls$/, kind: 'bad-gateway', after: true });
    const first = await open(forge);
    expect((await open(forge)).number).toBe(first.number);
    expect(repository.pulls).toHaveLength(1);
  });

  it('gets one comment, though the answer was lost', async () => {
    const forge = await asBot();
    await push(forge, [file('a.txt', 'new\n')]);
    const { number } = await open(forge);
    github.faults.push({ on: /comments$/, kind: 'bad-gateway', after: true });
    await forge.comment(number, 'hello');
    expect(repository.pull(number).comments).toHaveLength(1);
  });

  it('may not be opened by Actions where the setting is off', async () => {
    repository.mayActionsOpenPulls = false;
    const token = github.accounts.addToken('github-actions', 'actions');
    const forge = await connect({ kind: 'token', token });
    await push(forge, [file('a.txt', 'new\n')]);
    await expect(open(forge)).rejects.toMatchObject({ code: 'ERR_FORGE_SETTING' });
  });
});

describe('a forge in trouble', () => {
  it('is asked again after 502, and after the time it names', async () => {
    const forge = await asBot();
    github.faults.push(
      { on: /^GET .*\/pulls$/, kind: 'bad-gateway', times: 2 },
      { on: /^GET .*\/pulls$/, kind: 'secondary-limit', retryAfter: '1' },
    );
    expect(await forge.openRequests('main')).toEqual([]);
  });

  it('is given up after some tries, with what to do', async () => {
    const forge = await asBot();
    github.faults.push({ on: /pulls/, kind: 'bad-gateway', times: 99 });
    await expect(forge.openRequests('main')).rejects.toMatchObject({
      code: 'ERR_FORGE_UNREACHABLE',
    });
  });

  it('says that a token is refused', async () => {
    const forge = await connect({ kind: 'token', token: ['ghp', 'x'.repeat(36)].join('_') });
    await expect(forge.facts({ baseBranch: null, branchFor: () => 'b' })).rejects.toMatchObject({
      code: 'ERR_FORGE_TOKEN',
    });
  });
});
