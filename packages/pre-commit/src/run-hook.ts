import { createGit, type Env, type Git, ObjectReader } from '@tidelock/git';
import { pushedRange, rangeBatches, rangeBetween, stagedBatch } from './batches.ts';
import type { Batch } from './changed-file.ts';
import type { HookOptions } from './hook-options.ts';
import type { JudgePorts } from './judge.ts';
import { Memory } from './steering-files.ts';

export interface HookPorts extends JudgePorts {
  readonly cwd: string;
  readonly stdin: () => Promise<string>;
}

/** Judges what is about to be committed or pushed. Returns the exit code; never throws. */
export async function runHook(options: HookOptions, ports: HookPorts): Promise<number> {
  let reader: ObjectReader | null = null;
  try {
    const git = createGit(ports.cwd, ports.env);
    reader = new ObjectReader(git);
    const batches = ahead(listBatches(git, reader, { options, ports }));
    const memory = new Memory(reader);
    if (options.range === null && options.stage !== 'pre-push') memory.readAhead();
    const judging = { git, reader, options, ports, memory };
    // Git is at work by now: what judges is loaded meanwhile.
    if (options.fix) {
      const { fixAndJudge } = await import('./fix/fix-and-judge.ts');
      return await fixAndJudge(batches, judging);
    }
    const { judge } = await import('./judge.ts');
    return await judge(batches, judging);
  } catch (error) {
    const { errorText, exitCodeOf } = await import('./error-text.ts');
    ports.stderr(errorText(error));
    return exitCodeOf(error);
  } finally {
    reader?.close();
  }
}

interface Asked {
  readonly options: HookOptions;
  readonly ports: HookPorts;
}

async function* listBatches(
  git: Git,
  reader: ObjectReader,
  { options, ports }: Asked,
): AsyncGenerator<Batch> {
  if (options.range !== null) {
    yield* rangeBatches(git, await rangeBetween(git, options.range.from, options.range.to));
  } else if (options.stage === 'pre-push') {
    const others: string[] = [];
    const { remote } = options;
    const range = await pushedRange(reader, await ports.stdin(), {
      remote,
      onOther: (ref) => others.push(ref),
    });
    if (others.length > 0) {
      const { escapeTerminal } = await import('@tidelock/guard');
      const text = others.map((ref) => `not examined: ${escapeTerminal(ref)} (names no commit)\n`);
      ports.stderr(text.join(''));
    }
    if (range !== null) yield* rangeBatches(git, range);
  } else {
    const batch = await stagedBatch(git, reader, options.files);
    if (batch.files.length > 0) yield batch;
    else if (batch.changes?.length === 0 && isAskedForAll(options, ports.env)) {
      const { trackedBatch } = await import('./tracked-batch.ts');
      yield await trackedBatch(git);
    }
  }
}

/**
 * The pre-commit framework tells no hook of its `--all-files`, and shows nothing of one that passes.
 * Of a commit Git names the index, of a run by hand nobody does.
 */
function isAskedForAll({ files }: HookOptions, env: Env): boolean {
  return files.length === 0 && env.PRE_COMMIT === '1' && env.GIT_INDEX_FILE === undefined;
}

/** The same items, the first of them asked for at once. */
function ahead<T>(items: AsyncGenerator<T>): AsyncGenerator<T> {
  const first = items.next();
  first.catch(() => undefined);
  return (async function* () {
    try {
      for (let item = await first; item.done !== true; item = await items.next()) yield item.value;
    } finally {
      await items.return(undefined);
    }
  })();
}
