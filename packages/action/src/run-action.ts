import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import {
  type CheckPorts,
  checkChange,
  checkCommit,
  readFileOrNull,
  withCommits,
} from '@tidelock/check';
import {
  countBySeverity,
  escapeCommandData,
  escapeLogLine,
  githubReporter,
  jsonReporter,
  sarifReporter,
  textReporter,
} from '@tidelock/guard';
import { ActionError } from './action-error.ts';
import { comment, MARKER } from './comment.ts';
import { findCommits } from './commits.ts';
import { type Judgeable, taskOf } from './event.ts';
import { type Inputs, readInputs } from './inputs.ts';
import { writeOutputs } from './outputs.ts';
import { commentOf, type Judged, summaryOf } from './summary.ts';

const VERSION = '0.1.0';

/** The runner as the action sees it. */
export interface Runner {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly now: () => Date;
  readonly log: (text: string) => void;
}

/**
 * Judges what the event brings and reports it. The exit code: 1 for what `fail-on` names.
 * @throws ActionError, GitError, TidelockError when it cannot run
 */
export async function runAction(runner: Runner): Promise<0 | 1> {
  const { env, log } = runner;
  const inputs = readInputs(env);
  const task = taskOf({
    name: env.GITHUB_EVENT_NAME ?? '',
    sha: env.GITHUB_SHA ?? '',
    payload: readPayload(env.GITHUB_EVENT_PATH),
  });
  if (task.kind === 'nothing') {
    log(`${escapeLogLine(`Nothing to judge: ${task.why}.`)}\n`);
    writeOutputs(env.GITHUB_OUTPUT, { findings: 0, errors: 0 });
    return 0;
  }
  const judged = failing(await judgeTask(task, inputs, runner), inputs);
  const summary = summaryOf(judged);
  writeFiles(judged, summary, { inputs, env });
  if (env.GITHUB_STEP_SUMMARY) appendFileSync(env.GITHUB_STEP_SUMMARY, summary);
  showLog(judged, inputs, log);
  if (task.kind === 'change' && task.pullRequest !== null && inputs.comment !== 'never')
    await showComment(judged, summary, { ...runner, inputs, pullRequest: task.pullRequest });
  return fails(judged, inputs) ? 1 : 0;
}

async function judgeTask(task: Judgeable, inputs: Inputs, { env, now }: Runner): Promise<Judged> {
  const folder = resolve(env.GITHUB_WORKSPACE ?? '.');
  const ports: CheckPorts = { env, now, readFile: readFileOrNull };
  const verifier = inputs.verify
    ? (await import('./verifying.ts')).verifierOn(ports, folder)
    : null;
  const { isWanted, policyRef, policySource } = inputs;
  const common = {
    ports,
    folder,
    policyOnly: false,
    policyPath: inputs.policy,
    verifier,
    ...(isWanted === null ? {} : { isWanted }),
  };
  const found = await findCommits(task, { folder, env, policyRef });
  if (found.kind === 'tree') {
    const revision = { revision: found.commit, ...(policyRef === null ? {} : { policyRef }) };
    return { ...(await checkCommit(common, revision)), access: null };
  }
  const { base, head, policy } = found;
  return checkChange({
    ...common,
    base,
    head,
    policySource,
    ...(policy === null ? {} : { policyRef: policy }),
  });
}

function readPayload(path: string | undefined): unknown {
  try {
    return JSON.parse(readFileSync(path ?? '', 'utf8'));
  } catch {
    throw new ActionError(
      'the event that started this cannot be read (GITHUB_EVENT_PATH)',
      'Start the action as a step of a workflow, and pass its environment on as it is.',
    );
  }
}

/** With `fail-on: weakened` a milder policy is an error. */
function failing(judged: Judged, { failOn }: Inputs): Judged {
  if (failOn !== 'weakened') return judged;
  const findings = judged.findings.map((finding) =>
    finding.ruleId === 'policy/weakened' ? { ...finding, severity: 'error' as const } : finding,
  );
  return { ...judged, findings };
}

function fails({ findings }: Judged, { failOn }: Inputs): boolean {
  const counts = countBySeverity(findings);
  if (failOn === 'never') return false;
  return counts.error > 0 || (failOn === 'warning' && counts.warning > 0);
}

function writeFiles(
  judged: Judged,
  summary: string,
  { inputs, env }: { readonly inputs: Inputs; readonly env: Runner['env'] },
): void {
  const folder = env.RUNNER_TEMP ?? tmpdir();
  const workspace = env.GITHUB_WORKSPACE ?? '.';
  const paths = {
    'sarif-file':
      inputs.sarifFile === null
        ? join(folder, 'tidelock.sarif')
        : resolve(workspace, inputs.sarifFile),
    'json-file': join(folder, 'tidelock.json'),
    report: join(folder, 'tidelock.md'),
  };
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };
  write(paths['sarif-file'], withCommits(sarifReporter({ version: VERSION })).report(judged));
  write(paths['json-file'], jsonReporter.report(judged));
  write(paths.report, summary);
  const { findings } = judged;
  const { error: errors } = countBySeverity(findings);
  writeOutputs(env.GITHUB_OUTPUT, { findings: findings.length, errors, ...paths });
}

function showLog(judged: Judged, { annotations }: Inputs, log: Runner['log']): void {
  const text = withCommits(textReporter()).report(judged);
  log(text.split('\n').map(escapeLogLine).join('\n'));
  for (const remark of judged.remarks) log(`${escapeLogLine(remark)}\n`);
  if (annotations) log(withCommits(githubReporter).report(judged));
}

interface Commenting extends Runner {
  readonly inputs: Inputs;
  readonly pullRequest: number;
}

async function showComment(judged: Judged, summary: string, options: Commenting): Promise<void> {
  const { env, inputs, pullRequest, log } = options;
  const { token } = inputs;
  if (token === null) {
    log('::notice title=tidelock::no comment was written: there is no token\n');
    return;
  }
  const target = {
    apiUrl: env.GITHUB_API_URL ?? 'https://api.github.com',
    repository: env.GITHUB_REPOSITORY ?? '',
    pullRequest,
    token,
  };
  const isNeeded = inputs.comment === 'always' || judged.findings.length > 0;
  const outcome = await comment(target, commentOf(summary, MARKER), { isNeeded });
  if (outcome.done) return;
  const hint = outcome.isForbidden ? '; it needs the permission pull-requests: write' : '';
  const why = escapeCommandData(`no comment was written: ${outcome.why}${hint}`);
  log(`::notice title=tidelock::${why}\n`);
}
