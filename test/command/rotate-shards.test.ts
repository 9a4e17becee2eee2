import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { generateAgeIdentity, parseKey } from '@tidelock/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { decryptText, encryptText } from '../support/in-process.ts';
import { repositoryRoot } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const SHARDS = 8;
const example = (name: string) =>
  readFileSync(join(repositoryRoot, 'packages/rotation-bot/examples', name), 'utf8');

interface ResultFile {
  readonly path: string;
  readonly kind: string;
  readonly contents?: string;
  readonly reason?: string;
}

/** What is the same in two runs: the plan, and of every file readers, layout and values. */
async function meaningOf(text: string): Promise<unknown> {
  const [head = '{}', ...lines] = text.trim().split('\n');
  const files = await Promise.all(
    lines.map(async (line) => {
      const { path, kind, contents, reason } = JSON.parse(line) as ResultFile;
      const bytes = Buffer.from(contents ?? '', 'base64').toString('utf8');
      const isOpen = kind === 'rewritten';
      return {
        path,
        kind,
        reason,
        values: isOpen ? await decryptText('yaml', bytes) : '',
        readers: bytes.match(/age1[a-z0-9]{58}/g),
      };
    }),
  );
  return { plan: JSON.parse(head).plan, files };
}

let workspace: Workspace;
let bin: string;
const leaver = generateAgeIdentity().recipient;
const stranger = generateAgeIdentity().recipient;

beforeEach(async () => {
  workspace = makeWorkspace();
  bin = join(workspace.home, 'bin');
  mkdirSync(bin);
  const program = join(repositoryRoot, 'packages/rotation-bot/dist/tidelock-rotate.js');
  writeFileSync(
    join(bin, 'tidelock-rotate'),
    `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`,
  );
  chmodSync(join(bin, 'tidelock-rotate'), 0o755);
  const keys = (...recipients: string[]) => ({
    keyGroups: [{ keys: recipients.map((one) => parseKey('age', one, { createdAt: '' })) }],
  });
  workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
  workspace.write('.tidelock.yaml', 'version: 1\nrotation: { group_by: directory }\n');
  for (let i = 0; i < 24; i++) {
    const readers = [RECIPIENT_1, ...(i % 2 === 0 ? [leaver] : [])];
    const text = await encryptText('yaml', `password: value ${i}\n`, keys(...readers));
    workspace.write(`apps/${i % 3}/${i}.yaml`, text);
  }
  workspace.write('apps/closed.yaml', await encryptText('yaml', 'a: b\n', keys(stranger)));
  workspace.git('init', '--quiet', '--initial-branch=main');
  workspace.git('add', '--all');
  workspace.git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'all');
});

const sh = (script: string, env: Record<string, string>) =>
  workspace.run('sh', ['-ec', script], {
    env: { ...env, PATH: `${bin}${delimiter}${process.env.PATH}` },
  });

/** The results of one process. */
async function byOneProcess() {
  const { status, stderr } = sh('tidelock-rotate apply --shard 0/1 --out one.jsonl', {});
  expect(status).toBe(3);
  expect(stderr).toContain('left out apps/closed.yaml: no key at hand opens it');
  expect(stderr).toContain('12 files rewritten and proved');
  const merged = sh('tidelock-rotate merge one.jsonl --out results.jsonl', {});
  expect(merged.status).toBe(3);
  return meaningOf(workspace.read('results.jsonl'));
}

describe('work spread by an engine gives what one process gives', () => {
  it('a matrix of GitHub Actions', async () => {
    const { jobs } = parse(example('github-matrix.yml'));
    const step = (job: { steps: { id?: string; run?: string }[] }, id: string) =>
      job.steps.find((one) => one.id === id) as { run: string; env?: Record<string, string> };
    const total = jobs.rewrite.strategy.matrix.shard.length;
    const { run, env = {} } = step(jobs.rewrite, 'rewrite');
    expect(env.INDEX).toContain('strategy.job-index');
    expect(env.TOTAL).toContain('strategy.job-total');
    const sha = workspace.git('rev-parse', 'HEAD').stdout.trim();
    for (let index = 0; index < total; index++) {
      const strategy = { INDEX: `${index}`, TOTAL: `${total}`, GITHUB_SHA: sha, CI: 'true' };
      expect(sh(run, strategy).status).toBe(0);
    }
    expect(sh(step(jobs.open, 'merge').run, {}).status).toBe(0);
    expect(await meaningOf(workspace.read('results.jsonl'))).toEqual(await byOneProcess());
  });

  it('a parallel job of GitLab', async () => {
    const { rewrite, merge } = parse(example('gitlab-parallel.yml'));
    const total: number = rewrite.parallel;
    const sha = workspace.git('rev-parse', 'HEAD').stdout.trim();
    for (let index = 1; index <= total; index++) {
      const env = { CI_NODE_INDEX: `${index}`, CI_NODE_TOTAL: `${total}`, CI_COMMIT_SHA: sha };
      expect(sh(rewrite.script.join('\n'), env).status).toBe(0);
    }
    expect(sh(merge.script.join('\n'), {}).status).toBe(0);
    expect(await meaningOf(workspace.read('results.jsonl'))).toEqual(await byOneProcess());
  });

  it('an Indexed Job of Kubernetes', async () => {
    const [rewrite, merge] = parseAllDocuments(example('kubernetes-indexed-job.yaml')).map((one) =>
      one.toJS(),
    );
    const results = join(workspace.home, 'results');
    mkdirSync(results);
    const containerOf = (job: typeof rewrite) => job.spec.template.spec.containers[0];
    const envOf = (job: typeof rewrite): Record<string, string> => ({
      ...Object.fromEntries(
        containerOf(job).env.map((one: { name: string; value: string }) => [one.name, one.value]),
      ),
      RESULTS: results,
      OUTPUT: workspace.folder,
    });
    expect(rewrite.spec).toMatchObject({ completionMode: 'Indexed', completions: SHARDS });
    for (let index = 0; index < SHARDS; index++) {
      const env = { ...envOf(rewrite), JOB_COMPLETION_INDEX: `${index}` };
      expect(sh(containerOf(rewrite).args[0], env).status).toBe(0);
    }
    expect(readdirSync(results)).toHaveLength(SHARDS);
    expect(sh(containerOf(merge).args[0], envOf(merge)).status).toBe(0);
    expect(await meaningOf(workspace.read('results.jsonl'))).toEqual(await byOneProcess());
  });
});

describe('merge', () => {
  it('refuses results of which a shard is missing, double or cut off', () => {
    for (const index of [0, 1])
      sh(`tidelock-rotate apply --shard ${index}/2 --out ${index} || :`, {});
    const merge = (files: string) => sh(`tidelock-rotate merge ${files} --out results.jsonl`, {});
    expect(merge('0').stderr).toContain('shards are missing: 1');
    expect(merge('0 0').stderr).toContain('shard 0 is there twice');
    workspace.write('cut', workspace.read('1').split('\n').slice(0, 2).join('\n'));
    expect(merge('0 cut').stderr).toContain('its files are not those of its plan');
    workspace.write('odd', workspace.read('1').replace(RECIPIENT_1, leaver));
    expect(merge('0 odd')).toMatchObject({ status: 2 });
    expect(merge('0 none')).toMatchObject({ status: 2 });
    expect(merge('0 1').status).toBe(3);
    const nowhere = sh('tidelock-rotate merge 0 1 --out none/results.jsonl', {});
    expect(nowhere.status).toBe(2);
    expect(nowhere.stderr).toContain('cannot be written to none/results.jsonl (ENOENT)');
  });

  it('leaves out a file that is not the planned one rewritten', () => {
    sh('tidelock-rotate apply --shard 0/1 --out one.jsonl || :', {});
    const lines = workspace.read('one.jsonl').trim().split('\n');
    const changed = lines.map((line) => {
      const file = JSON.parse(line) as ResultFile;
      if (file.path !== 'apps/0/0.yaml') return line;
      const text = Buffer.from(file.contents ?? '', 'base64').toString('utf8');
      const more = Buffer.from(`${text}more: plain\n`).toString('base64');
      return JSON.stringify({ ...file, contents: more });
    });
    workspace.write('one.jsonl', `${changed.join('\n')}\n`);
    const { stderr } = sh('tidelock-rotate merge one.jsonl --out results.jsonl || :', {});
    expect(stderr).toContain('left out apps/0/0.yaml: the new file was not proved');
  });

  it('holds neither values nor data keys', async () => {
    sh('tidelock-rotate apply --shard 0/1 --out one.jsonl || :', {});
    const text = workspace.read('one.jsonl');
    const contents = text
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as ResultFile).contents ?? '']))
      .map((one) => Buffer.from(one, 'base64').toString('utf8'));
    expect(contents.join('').length).toBeGreaterThan(1000);
    expect(text + contents.join('')).not.toContain('value ');
    expect(readdirSync(workspace.env.TMPDIR ?? '')).toEqual([]);
  });
});
