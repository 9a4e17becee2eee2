import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { repositoryRoot } from '../support/program.ts';
import { encryptedFor, reader, rules, Scene } from './scene.ts';

const folder = join(repositoryRoot, 'packages/rotation-bot');

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Record<string, string> }[];
  };
}

const action = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as ActionFile;

let scene: Scene;

beforeEach(async () => {
  scene = await Scene.start();
  scene.person.commit('main', {
    '.sops.yaml': rules(['', [scene.bot]]),
    'prod/::set-output::.yaml': await encryptedFor('a.yaml', 'a: x\n', [scene.bot, reader()]),
  });
});

afterEach(() => scene.stop());

/** Runs the action's step as a runner does: inputs, files for output and summary. */
async function runAction(inputs: Readonly<Record<string, string>>) {
  const [step] = action.runs.steps;
  const inputOf = (name: string) => inputs[name] ?? action.inputs[name]?.default ?? '';
  const env = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([name, text]) => [
      name,
      text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, input: string) => inputOf(input)),
    ]),
  );
  const [summary, output] = [join(scene.folder, 'summary.md'), join(scene.folder, 'output.txt')];
  for (const path of [summary, output]) writeFileSync(path, '');
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    cwd: scene.clone('workspace'),
    env: {
      ...scene.env,
      ...env,
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: folder,
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
    },
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => log.push(chunk.toString('utf8')));
  const status = await new Promise((resolve) => child.on('close', resolve));
  const read = (path: string) => readFileSync(path, 'utf8');
  return { status, log: log.join(''), summary: read(summary), output: read(output) };
}

/** What a runner would take for commands: those within the pause count for nothing. */
function commandsIn(log: string): readonly string[] {
  const commands: string[] = [];
  let pause: string | null = null;
  for (const line of log.split('\n').map((text) => text.trimStart())) {
    const stop = /^::stop-commands::(.+)$/.exec(line);
    if (stop?.[1] !== undefined) pause = stop[1];
    else if (line === `::${pause}::`) pause = null;
    else if (pause === null && line.startsWith('::')) commands.push(line);
  }
  return commands;
}

describe('the action', () => {
  it('opens requests, with outputs and a summary', async () => {
    const { status, log, summary, output } = await runAction({ token: scene.token });
    expect(log).toContain('opened');
    expect(status).toBe(0);
    expect(output).toContain('opened=1\n');
    expect(output).toMatch(/requests=\["https:/);
    expect(summary).toContain('1 opened');
    expect(commandsIn(log)).toEqual([]);
    expect(scene.theRequest().labels).toEqual(['tidelock']);
  });

  it('only says what is due, without a token', async () => {
    const writes = await scene.writesOf(async () => {
      const { status, log, summary } = await runAction({ command: 'plan', token: '' });
      expect(status).toBe(0);
      expect(summary).toContain('**1 file due in 1 request**');
      expect(summary).toContain('leaves');
      expect(summary).toContain('Values to change at their source');
      expect(commandsIn(log)).toEqual([]);
    });
    expect(writes).toEqual([]);
  });

  it('fails with what to do when it gets the token of the workflow', async () => {
    const token = scene.github.accounts.addToken('github-actions', 'actions');
    const { status, log } = await runAction({ token });
    expect(status).toBe(2);
    expect(log).toContain('create-github-app-token');
    expect((await runAction({ token, 'allow-unchecked': 'true' })).status).toBe(0);
  });
});

describe('workflows to copy', () => {
  const examples = ['github-rotate.yml', 'github-plan.yml'] as const;

  it.each(examples)(
    '%s gives only inputs that there are, and no permission it needs not',
    (name) => {
      const text = readFileSync(join(folder, 'examples', name), 'utf8');
      const workflow = parse(text) as {
        readonly permissions: Record<string, string>;
        readonly jobs: Record<string, { readonly steps: readonly Step[] }>;
      };
      const steps = Object.values(workflow.jobs).flatMap((job) => job.steps);
      const ours = steps.filter(({ uses }) => uses?.includes('packages/rotation-bot') === true);
      expect(ours).toHaveLength(1);
      for (const input of Object.keys(ours[0]?.with ?? {}))
        expect(Object.keys(action.inputs)).toContain(input);
      const { permissions } = workflow;
      expect(Object.values(permissions)).not.toContain('write');
    },
  );

  it('open the keys of every cloud by OIDC: no long-lived key of theirs is stored', () => {
    const text = readFileSync(join(folder, 'examples/github-rotate.yml'), 'utf8');
    const { jobs } = parse(text) as {
      readonly jobs: Record<string, { readonly permissions: object; readonly steps: Step[] }>;
    };
    expect(jobs.rotate?.permissions).toEqual({ contents: 'read', 'id-token': 'write' });
    expect([...text.matchAll(/secrets\.\w+/g)].map(([name]) => name)).toEqual([
      'secrets.ROTATION_APP_KEY',
    ]);
    const asks = [
      ['aws-actions/configure-aws-credentials', 'role-to-assume'],
      ['google-github-actions/auth', 'workload_identity_provider'],
      ['azure/login', 'client-id'],
      ['hashicorp/vault-action', 'method'],
    ] as const;
    for (const [uses, input] of asks) {
      const step = jobs.rotate?.steps.find((one) => one.uses?.startsWith(uses) === true);
      expect([uses, Object.keys(step?.with ?? {})]).toEqual([
        uses,
        expect.arrayContaining([input]),
      ]);
    }
  });

  it('of a pull request see neither a key nor a token', () => {
    const text = readFileSync(join(folder, 'examples/github-plan.yml'), 'utf8');
    expect(text).not.toMatch(/secrets\.|id-token|pull_request_target/);
    expect(parse(text)).toMatchObject({ permissions: { contents: 'read' } });
  });
});

interface Step {
  readonly uses?: string;
  readonly with?: Record<string, string>;
}
