import { TidelockError } from '@tidelock/core';
import { createGit, type Env, type Git, GitError, ObjectReader } from '@tidelock/git';
import type { Rule } from '@tidelock/guard';
import { pushedRange, rangeBatches, rangeBetween, stagedBatch } from './batches.ts';
import type { Batch } from './changed-file.ts';
import type { CoveredBy } from './coverage.ts';
import { type Examined, Examiner } from './examine.ts';
import type { HookOptions } from './hook-options.ts';
import { errorText, reportText } from './report-text.ts';

export interface HookPorts {
  readonly cwd: string;
  readonly env: Env;
  readonly now: () => Date;
  readonly stdin: () => Promise<string>;
  readonly stderr: (text: string) => void;
  readonly rules: readonly Rule[];
  readonly coveredBy: CoveredBy;
}

export const CLEAN = 0;
export const FINDINGS = 1;
export const USAGE = 2;
export const FAILED = 3;

/** Judges what is about to be committed or pushed. Returns the exit code; never throws. */
export async function runHook(options: HookOptions, ports: HookPorts): Promise<number> {
  if (ports.rules.length === 0) {
    ports.stderr('tidelock: no rule is loaded, so nothing was examined.\n');
    return FAILED;
  }
  let reader: ObjectReader | null = null;
  try {
    const git = createGit(ports.cwd, ports.env);
    reader = new ObjectReader(git);
    reader.warmUp();
    return await judge(git, reader, options, ports);
  } catch (error) {
    ports.stderr(errorText(error));
    return isConfiguration(error) ? USAGE : FAILED;
  } finally {
    reader?.close();
  }
}

function isConfiguration(error: unknown): boolean {
  return (
    error instanceof TidelockError ||
    (error instanceof GitError && error.code === 'ERR_GIT_REVISION')
  );
}

async function judge(
  git: Git,
  reader: ObjectReader,
  options: HookOptions,
  ports: HookPorts,
): Promise<number> {
  const examiner = new Examiner(reader, {
    rules: ports.rules,
    coveredBy: ports.coveredBy,
    all: options.all,
    maxBytes: options.maxBytes,
    now: ports.now(),
  });
  const results: Examined[] = [];
  for await (const batch of batches(git, reader, options, ports)) {
    results.push(await examiner.examine(batch));
  }
  ports.stderr(reportText(results, options));
  if (results.some(({ findings }) => findings.some(({ severity }) => severity === 'error')))
    return FINDINGS;
  const isIncomplete = results.some(({ notExamined }) =>
    notExamined.some((file) => file.coveredBy !== null),
  );
  return isIncomplete ? FAILED : CLEAN;
}

async function* batches(
  git: Git,
  reader: ObjectReader,
  options: HookOptions,
  ports: HookPorts,
): AsyncGenerator<Batch> {
  if (options.range !== null) {
    yield* rangeBatches(git, await rangeBetween(git, options.range.from, options.range.to));
  } else if (options.stage === 'pre-push') {
    const range = await pushedRange(reader, await ports.stdin(), options.remote);
    if (range !== null) yield* rangeBatches(git, range);
  } else {
    const batch = await stagedBatch(git, reader, options.files);
    if (batch.files.length > 0) yield batch;
  }
}
