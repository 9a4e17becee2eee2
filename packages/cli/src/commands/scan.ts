import { join } from 'node:path';
import { GitError } from '@tidelock/git';
import { readForeignFiles } from '@tidelock/guard';
import type { Command, Invocation } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { errorText } from '../error-text.ts';
import type { Flags } from '../flags.ts';
import { Progress } from '../progress.ts';
import { readBaselineFile, readTextOrNull, writeBaselineFile } from '../scan/baseline-file.ts';
import { Judge } from '../scan/judge-batches.ts';
import { readScanPolicy } from '../scan/policy-file.ts';
import type { ScanPlace } from '../scan/scan-batch.ts';
import { scanDisk } from '../scan/scan-disk.ts';
import { type GitScope, scanGit } from '../scan/scan-git.ts';
import { reporterOf } from '../scan/scan-report.ts';
import { scanStdin } from '../scan/scan-stdin.ts';

const CLEAN = 0;
const FOUND = 1;
const COULD_NOT_RUN = 2;

export const scanCommand: Command = {
  name: 'scan',
  usage: 'scan [PATH...]',
  summary: 'find plaintext secrets and broken encryption; - is standard input',
  flags: [
    { names: ['staged'], kind: 'bool', help: 'what is about to be committed' },
    { names: ['range'], kind: 'string', help: 'A..B: every file that these commits bring' },
    { names: ['history'], kind: 'bool', help: 'every file of every commit' },
    { names: ['format'], kind: 'string', help: 'text, json, sarif, markdown or github' },
    { names: ['baseline'], kind: 'string', help: 'known findings; else .tidelock-baseline.json' },
    { names: ['write-baseline'], kind: 'bool', help: 'take what is found now as known' },
    { names: ['no-ignore'], kind: 'bool', help: 'also look into what Git ignores' },
    { names: ['filename-override'], kind: 'string', help: 'the name of standard input' },
  ],
  exitWhenMisused: COULD_NOT_RUN,
  async run(invocation) {
    try {
      return await scan(invocation);
    } catch (error) {
      invocation.ports.stderr(errorText(asCommandError(error)));
      return COULD_NOT_RUN;
    }
  },
};

async function scan(invocation: Invocation): Promise<number> {
  const { ports, flags } = invocation;
  const colour = ports.isTerminal && !ports.env.NO_COLOR;
  const reporter = reporterOf(flags.text('format') ?? 'text', { colour });
  const place = await placeOf(invocation);
  const file = readBaselineFile(flags, place.root, ports);
  const isWriting = flags.isOn('write-baseline');
  const judge = new Judge({
    now: ports.now(),
    baseline: isWriting ? null : file.baseline,
    foreign: await readForeignFiles((name) => readTextOrNull(join(place.root, name), name)),
    policy: await readScanPolicy(place, ports),
  });
  const progress = new Progress(ports);
  try {
    for await (const batch of place.batches) {
      judge.add(batch);
      progress.show(`${judge.fileCount} files`);
    }
  } finally {
    progress.clear();
    place.close?.();
  }
  for (const words of place.leftOut()) {
    ports.stderr(`tidelock: not looked into: ${words} (--no-ignore looks into it).\n`);
  }
  for (const problem of place.problems()) ports.stderr(errorText(asCommandError(problem)));
  const isWhole = place.problems().length === 0;
  if (isWriting && isWhole) {
    const count = await writeBaselineFile(file, judge.found);
    ports.stderr(`tidelock: ${file.shown} has ${count} known findings now.\n`);
    return CLEAN;
  }
  const report = judge.report();
  ports.stdout(reporter.report(report));
  if (!isWhole) return COULD_NOT_RUN;
  return report.findings.some(({ severity }) => severity === 'error') ? FOUND : CLEAN;
}

async function placeOf({ ports, flags, positionals }: Invocation): Promise<ScanPlace> {
  const scope = scopeOf(flags, positionals);
  const largestFile = async (top: string) =>
    (await readScanPolicy({ top, prefix: '' }, ports)).largestFile;
  if (scope !== null) return scanGit(scope, ports, largestFile);
  if (positionals.includes('-')) {
    if (positionals.length > 1)
      throw misused('- stands alone', 'Give files in a call of their own.');
    return scanStdin(ports, flags.text('filename-override') ?? 'stdin');
  }
  return scanDisk({ ports, paths: positionals, withIgnored: flags.isOn('no-ignore'), largestFile });
}

function scopeOf(flags: Flags, positionals: readonly string[]): GitScope | null {
  const chosen = ['staged', 'range', 'history'].filter((name) =>
    name === 'range' ? flags.has(name) : flags.isOn(name),
  );
  if (chosen.length > 1) {
    throw misused(`--${chosen.join(' and --')} contradict each other`, 'Give one of them.');
  }
  const [only] = chosen;
  if (only === undefined) return null;
  if (only === 'staged') return { of: 'staged', files: positionals };
  if (positionals.length > 0) {
    throw misused(`--${only} takes no paths`, 'Leave the paths out.');
  }
  return only === 'history' ? { of: only } : { of: 'range', range: flags.text('range') ?? '' };
}

function misused(message: string, hint: string): CommandError {
  return new CommandError('ERR_USAGE', COULD_NOT_RUN, message, hint);
}

function asCommandError(error: unknown): unknown {
  if (!(error instanceof GitError)) return error;
  return new CommandError('ERR_GIT', COULD_NOT_RUN, error.message, error.hint);
}
