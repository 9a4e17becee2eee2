import type { Env, Git, ObjectReader } from '@tidelock/git';
import type { Rule } from '@tidelock/guard';
import type { Batch } from './changed-file.ts';
import type { CoveredBy } from './coverage.ts';
import { type Examined, Examiner } from './examine.ts';
import { CLEAN, FAILED, FINDINGS } from './exit-codes.ts';
import type { HookOptions } from './hook-options.ts';
import { standingIn } from './mending.ts';
import { reportText } from './report-text.ts';
import { HOOK_RULES } from './rules.ts';
import type { Memory } from './steering-files.ts';

export interface JudgePorts {
  readonly env: Env;
  readonly now: () => Date;
  readonly stderr: (text: string) => void;
  /** Instead of all rules that the guard has. */
  readonly rules?: readonly Rule[];
  /** Instead of the creation rules of `.sops.yaml`. */
  readonly coveredBy?: CoveredBy;
}

export interface Judging {
  readonly git: Git;
  readonly reader: ObjectReader;
  readonly options: HookOptions;
  readonly ports: JudgePorts;
  /** What has been asked of the index already. */
  readonly memory?: Memory;
}

/** Judges the batches, says what there is to say, and returns the exit code. */
export async function judge(batches: AsyncIterable<Batch>, judging: Judging): Promise<number> {
  if (rulesOf(judging).length === 0) {
    judging.ports.stderr('tidelock: no rule is loaded, so nothing was examined.\n');
    return FAILED;
  }
  return conclude(await examineAll(batches, judging), judging);
}

export async function examineAll(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  judging: Judging,
): Promise<Examined[]> {
  const { git, reader, options, ports, memory } = judging;
  const examiner = new Examiner(reader, {
    rules: rulesOf(judging),
    coveredBy: ports.coveredBy ?? creationRules,
    all: options.all,
    maxBytes: options.maxBytes,
    now: ports.now(),
    folder: standingIn(git),
  });
  const results: Examined[] = [];
  for await (const batch of batches) {
    results.push(await examiner.examine(batch, batch.commit === null ? memory : undefined));
  }
  return results;
}

/** Says what was found and returns the exit code. */
export function conclude(results: readonly Examined[], judging: Judging): number {
  const { git, options, ports } = judging;
  ports.stderr(reportText(results, rulesOf(judging), { ...options, folder: standingIn(git) }));
  return exitCode(results);
}

function rulesOf({ ports }: Judging): readonly Rule[] {
  return ports.rules ?? HOOK_RULES;
}

function exitCode(results: readonly Examined[]): number {
  if (results.some(({ findings }) => findings.some(({ severity }) => severity === 'error')))
    return FINDINGS;
  // What Git cannot give is a failure, whatever the file is.
  const isIncomplete = results.some(({ notExamined }) =>
    notExamined.some((file) => file.coveredBy !== null || file.reason === 'unreadable'),
  );
  return isIncomplete ? FAILED : CLEAN;
}

/** The reader of `.sops.yaml` is loaded only where there is one. */
const creationRules: CoveredBy = async (config, where) => {
  const { coveredByCreationRule } = await import('./creation-rules.ts');
  return coveredByCreationRule(config, where);
};
