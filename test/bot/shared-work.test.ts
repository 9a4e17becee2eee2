import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { repositoryRoot } from '../support/program.ts';
import { botProgram, encryptedFor, type Reader, reader, rules, Scene } from './scene.ts';

const example = (name: string) =>
  readFileSync(join(repositoryRoot, 'packages/rotation-bot/examples', name), 'utf8');
const PATHS = Array.from({ length: 6 }, (_, i) => `prod/${i}.yaml`);
const NO_KEY = { SOPS_AGE_KEY_FILE: '/nonexistent' };

let scene: Scene;
let bob: Reader;
let clone: string;

/** Files that Bob can read though the rule does not name him any more, one of them by Bob alone. */
beforeEach(async () => {
  scene = await Scene.start();
  bob = reader();
  const files: Record<string, string> = { '.sops.yaml': rules(['prod/', [scene.bot]]) };
  for (const path of PATHS) files[path] = await encryptedFor(path, 'a: x\n', [scene.bot, bob]);
  files['prod/closed.yaml'] = await encryptedFor('closed.yaml', 'a: x\n', [bob]);
  scene.person.commit('main', files);
  clone = scene.clone('shared');
  const bin = join(scene.folder, 'bin');
  mkdirSync(bin);
  const program = join(bin, 'tidelock-rotate');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${botProgram}' "$@"\n`);
  chmodSync(program, 0o755);
});

afterEach(() => scene.stop());

/** Runs a step of an engine in the one clone; its log. */
async function step(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const path = `${join(scene.folder, 'bin')}${delimiter}${process.env.PATH}`;
  const child = spawn('sh', ['-ec', script], {
    cwd: clone,
    env: { ...scene.env, ...env, PATH: path },
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
  const status = await new Promise((resolve) => child.on('close', resolve));
  expect([status, log.join('')]).toEqual([0, log.join('')]);
  return log.join('');
}

/** One process finds what the engine left just as it would have left it itself. */
async function isAsByOneProcess(): Promise<void> {
  const request = scene.theRequest();
  expect(request.body).toContain('6 files rewritten');
  expect(request.body).toContain('prod&#47;closed&#46;yaml: no key at hand opens it');
  const writes = await scene.writesOf(async () => {
    const { status, stderr } = await scene.run();
    expect(status).toBe(3);
    expect(stderr).toContain('as it should be');
  });
  expect(writes).toEqual([]);
}

describe('work spread by an engine ends in the one request', () => {
  it('of a matrix of GitHub Actions', async () => {
    const { jobs } = parse(example('github-matrix.yml'));
    const run = (job: string, id: string): string =>
      jobs[job].steps.find((one: { id?: string }) => one.id === id).run;
    const sha = scene.repository.git.branch('main') ?? '';
    const total = `${jobs.rewrite.strategy.matrix.shard.length}`;
    for (const index of jobs.rewrite.strategy.matrix.shard) {
      const env = { INDEX: `${index}`, TOTAL: total, GITHUB_SHA: sha, TIDELOCK_TOKEN: '' };
      await step(run('rewrite', 'rewrite'), env);
    }
    await step(run('open', 'merge'), { ...NO_KEY, TIDELOCK_TOKEN: '' });
    const env = { ...NO_KEY, GITHUB_TOKEN: scene.token, TIDELOCK_TOKEN: '' };
    expect(await step(run('open', 'open'), env)).toContain('opened');
    await isAsByOneProcess();
    expect(await scene.writesOf(() => step(run('open', 'open'), env))).toEqual([]);
  });

  it('of an Indexed Job of Kubernetes', async () => {
    const jobs = parseAllDocuments(example('kubernetes-indexed-job.yaml')).map((one) => one.toJS());
    const places = { RESULTS: join(scene.folder, 'r'), OUTPUT: join(scene.folder, 'o') };
    for (const place of Object.values(places)) mkdirSync(place);
    const run = (job: number, env: Readonly<Record<string, string>>) => {
      const [{ args, env: given }] = jobs[job].spec.template.spec.containers;
      const own = given.map((one: { name: string; value: string }) => [one.name, one.value]);
      return step(args[0], { ...Object.fromEntries(own), ...places, ...env });
    };
    for (let index = 0; index < jobs[0].spec.completions; index++)
      await run(0, { JOB_COMPLETION_INDEX: `${index}`, TIDELOCK_TOKEN: '' });
    await run(1, { ...NO_KEY, TIDELOCK_TOKEN: '' });
    const app = scene.github.accounts.addApp('rotator');
    const secret = { TIDELOCK_APP_ID: app.id, TIDELOCK_APP_PRIVATE_KEY: app.privateKey };
    expect(await run(2, { ...NO_KEY, ...secret, TIDELOCK_TOKEN: '' })).toContain('opened');
    await isAsByOneProcess();
  });

  it('of parallel jobs of GitLab', async () => {
    const { rewrite, merge, open } = parse(example('gitlab-parallel.yml'));
    const remote = join(scene.folder, 'gitlab.git');
    const git = (...args: string[]) => spawnSync('git', args, { encoding: 'utf8' }).stdout;
    git('clone', '-q', '--bare', scene.repository.git.gitDir, remote);
    git('-C', remote, 'config', 'receive.advertisePushOptions', 'true');
    const options = join(scene.folder, 'options');
    const hook = `#!/bin/sh\necho "$GIT_PUSH_OPTION_0 $GIT_PUSH_OPTION_1" >> '${options}'\n`;
    writeFileSync(join(remote, 'hooks/pre-receive'), hook, { mode: 0o755 });
    const sha = scene.repository.git.branch('main') ?? '';
    const predefined = {
      CI_COMMIT_SHA: sha,
      CI_DEFAULT_BRANCH: 'main',
      CI_SERVER_HOST: 'gitlab.example',
      CI_NODE_TOTAL: `${rewrite.parallel}`,
      TIDELOCK_TOKEN: '',
    };
    const run = async (index: string, env: Readonly<Record<string, string>> = {}) => {
      const job = { rewrite, merge, open }[index.replace(/\d/, '')];
      return step(job.script.join('\n'), { ...predefined, ...env });
    };
    const pipeline = async () => {
      git('-C', clone, 'checkout', '--quiet', '--detach', '--force', sha);
      for (let index = 1; index <= rewrite.parallel; index++)
        await run('rewrite', { CI_NODE_INDEX: `${index}` });
      await run('merge', NO_KEY);
      return run('open', { ...NO_KEY, REMOTE: remote });
    };
    const refs = () =>
      git('-C', remote, 'for-each-ref', '--format=%(refname)', 'refs/heads/tidelock');
    expect(await pipeline()).toContain('6 files written');
    const branch = refs().trim();
    expect(branch).toMatch(/^refs\/heads\/tidelock\/rotate-[0-9a-f]{12}$/);
    expect(readFileSync(options, 'utf8')).toBe('merge_request.create merge_request.target=main\n');
    expect(git('-C', remote, 'diff', '--name-only', 'main', branch).trim().split('\n')).toEqual(
      PATHS,
    );
    // On the other forge as on this one: merged, nothing of it is due any more.
    const tip = git('-C', remote, 'rev-parse', branch).trim();
    await pipeline();
    expect(git('-C', remote, 'rev-parse', branch).trim()).toBe(tip);
    expect(refs().trim()).toBe(branch);
    const merged = Object.fromEntries(
      PATHS.map((path) => [path, git('-C', remote, 'show', `${branch}:${path}`)]),
    );
    scene.person.commit('main', merged);
    const { stdout } = await scene.run({ args: ['plan'] });
    expect(stdout).toContain('1 file due in 1 group; 6 up to date.');
  });
});

describe('apply --write', () => {
  const results = 'results.jsonl';
  beforeEach(() =>
    step(
      `tidelock-rotate apply --shard 0/1 --out one || [ $? -eq 3 ]; tidelock-rotate merge one --out ${results} || [ $? -eq 3 ]`,
      {},
    ),
  );
  const write = `tidelock-rotate apply --results ${results} --write`;

  it('overwrites nothing that is not the file of the commit', async () => {
    writeFileSync(join(clone, PATHS[0] ?? ''), 'mine: true\n');
    const log = await step(`${write} || [ $? -eq 3 ]`, NO_KEY);
    expect(log).toContain(`left out ${PATHS[0]}: the work tree holds another file`);
    expect(log).toContain('5 files written');
    expect(readFileSync(join(clone, PATHS[0] ?? ''), 'utf8')).toBe('mine: true\n');
    const again = await step(`${write} || [ $? -eq 3 ]`, NO_KEY);
    expect(again).toContain('0 files written');
    expect(again).not.toMatch(/^[0-9a-f]{64}$/m);
  });

  it('is for the commit at HEAD alone', async () => {
    await step('git -c user.name=x -c user.email=x@example.com commit -q --allow-empty -m x', {});
    const log = await step(`${write} || [ $? -eq 2 ]`, NO_KEY);
    expect(log).toContain('not made from the commit at HEAD');
  });
});
