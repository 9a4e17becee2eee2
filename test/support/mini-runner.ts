import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { cleanEnv, repositoryRoot } from './program.ts';

/** What a runner gives to an action, and what it takes back. */
export interface Job {
  /** The checkout. */
  readonly workspace: string;
  readonly event: string;
  /** Text: written as it is. */
  readonly payload: object | string;
  readonly sha?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** Another Node than the one that runs the tests. */
  readonly node?: string;
}

export interface JobFinding {
  readonly ruleId: string;
  readonly severity: string;
  readonly path: string;
  readonly message: string;
  readonly hint: string;
  readonly commit?: string;
}

export interface JobResult {
  readonly status: number;
  readonly log: string;
  readonly annotations: readonly { readonly kind: string; readonly text: string }[];
  readonly outputs: ReadonlyMap<string, string>;
  readonly summary: string;
  /** Of the JSON file; none where the action could not run. */
  readonly findings: readonly JobFinding[];
  /** `host:port` and names that were looked up, by the action itself. */
  readonly connections: readonly string[];
  /** Arguments of every Git process. */
  readonly gitRuns: readonly (readonly string[])[];
}

const ACTION = join(repositoryRoot, 'packages/action');
const CONNECTIONS = fileURLToPath(new URL('record-connections.cjs', import.meta.url));

/** Limits of the platform: beyond them GitHub drops or refuses. */
const LIMITS = {
  ofAKind: 10,
  ofARun: 50,
  summary: 1024 * 1024,
  sarifResults: 25_000,
  sarifRuns: 20,
};

/** Runs the committed bundle as GitHub's runner would, and holds it to the platform's limits. */
export async function runJob(job: Job): Promise<JobResult> {
  const folder = mkdtempSync(join(dirname(job.workspace), 'job-'));
  const path = (name: string) => join(folder, name);
  const payload = typeof job.payload === 'string' ? job.payload : JSON.stringify(job.payload);
  writeFileSync(path('event.json'), payload);
  for (const name of ['output', 'summary', 'connections', 'trace']) writeFileSync(path(name), '');
  mkdirSync(path('temp'));
  const env = {
    ...cleanEnv(folder),
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_EVENT_NAME: job.event,
    GITHUB_EVENT_PATH: path('event.json'),
    GITHUB_WORKSPACE: job.workspace,
    GITHUB_SHA: job.sha ?? '',
    GITHUB_REPOSITORY: 'octo/example',
    GITHUB_OUTPUT: path('output'),
    GITHUB_STEP_SUMMARY: path('summary'),
    RUNNER_TEMP: path('temp'),
    TIDELOCK_TEST_CONNECTIONS: path('connections'),
    GIT_TRACE2_EVENT: path('trace'),
    NODE_OPTIONS: `--require=${CONNECTIONS}`,
    ...inputsOf(job.inputs ?? {}),
    ...job.env,
  };
  const { status, log } = await start(job.node ?? process.execPath, env, job.workspace);
  const outputs = readOutputs(readFileSync(path('output'), 'utf8'));
  const result: JobResult = {
    status,
    log,
    annotations: annotationsIn(log),
    outputs,
    summary: readFileSync(path('summary'), 'utf8'),
    findings: jsonAt<{ findings: JobFinding[] }>(outputs.get('json-file'))?.findings ?? [],
    connections: linesOf(readFileSync(path('connections'), 'utf8')),
    gitRuns: gitRunsIn(readFileSync(path('trace'), 'utf8')),
  };
  expectWithinLimits(result);
  return result;
}

/** Findings in short; that a label cannot be proved offline is said of every tree. */
export const told = ({ findings }: Pick<JobResult, 'findings'>): string[] =>
  findings
    .filter(({ ruleId }) => ruleId !== 'policy/label-unproven')
    .map(({ severity, ruleId, path }) => `${severity} ${ruleId} ${path}`);

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const actionFile = (): ActionFile => parse(readFileSync(join(ACTION, 'action.yml'), 'utf8'));

function inputsOf(given: Readonly<Record<string, string>>): Record<string, string> {
  const { inputs } = actionFile();
  const unknown = Object.keys(given).filter((name) => inputs[name] === undefined);
  expect(unknown).toEqual([]);
  return Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [
      `INPUT_${name.toUpperCase()}`,
      given[name] ??
        (input.default ?? '').replace(/^\$\{\{ github\.token \}\}$/, 'token-of-the-workflow'),
    ]),
  );
}

function start(
  node: string,
  env: Record<string, string>,
  cwd: string,
): Promise<{ status: number; log: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(node, [join(ACTION, actionFile().runs.main)], { cwd, env });
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ status: code ?? 128, log: Buffer.concat(chunks).toString('utf8') }),
    );
  });
}

/** As the runner splits it: a name, a delimiter, lines up to the delimiter. */
function readOutputs(text: string): ReadonlyMap<string, string> {
  const outputs = new Map<string, string>();
  const lines = text.split('\n');
  for (let at = 0; at < lines.length - 1; ) {
    const [name = '', end = ''] = (lines[at++] ?? '').split('<<');
    expect(end).toMatch(/^ghadelimiter_[0-9a-f-]{36}$/);
    const value: string[] = [];
    while (at < lines.length && lines[at] !== end) value.push(lines[at++] ?? '');
    at++;
    outputs.set(name, value.join('\n'));
  }
  return outputs;
}

function annotationsIn(log: string): JobResult['annotations'] {
  return linesOf(log).flatMap((line) => {
    const match = /^\s*::([a-z-]+)(.*)$/.exec(line);
    return match === null ? [] : [{ kind: match[1] ?? '', text: match[2] ?? '' }];
  });
}

function gitRunsIn(trace: string): (readonly string[])[] {
  return linesOf(trace).flatMap((line) => {
    const event = JSON.parse(line) as { event: string; argv?: string[]; sid: string };
    // A process that Git itself starts has the session of its parent in its own.
    return event.event === 'start' && !event.sid.includes('/') ? [event.argv ?? []] : [];
  });
}

function expectWithinLimits({ annotations, summary, outputs }: JobResult): void {
  const count = (kind: string) => annotations.filter((one) => one.kind === kind).length;
  for (const kind of ['error', 'warning', 'notice'])
    expect(count(kind)).toBeLessThanOrEqual(LIMITS.ofAKind);
  expect(annotations.length).toBeLessThanOrEqual(LIMITS.ofARun);
  // Nothing from a file got to be a command of another kind.
  expect(new Set(annotations.map(({ kind }) => kind))).toEqual(
    new Set(
      annotations.map(({ kind }) => kind).filter((kind) => /^(?:error|warning|notice)$/.test(kind)),
    ),
  );
  expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(LIMITS.summary);
  const sarif = jsonAt<{ runs: { results: unknown[] }[] }>(outputs.get('sarif-file'));
  if (sarif === null) return;
  expect(sarif.runs.length).toBeLessThanOrEqual(LIMITS.sarifRuns);
  for (const { results } of sarif.runs)
    expect(results.length).toBeLessThanOrEqual(LIMITS.sarifResults);
}

function jsonAt<T>(path: string | undefined): T | null {
  return path !== undefined && existsSync(path)
    ? (JSON.parse(readFileSync(path, 'utf8')) as T)
    : null;
}

const linesOf = (text: string) => text.split('\n').filter((line) => line !== '');
