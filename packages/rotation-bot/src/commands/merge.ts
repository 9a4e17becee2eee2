import { TidelockError } from '@tidelock/core';
import { jsonText } from '@tidelock/guard';
import { openBaseTree } from '../plan/base-tree.ts';
import { mergePlans } from '../plan/merge-plans.ts';
import { planText } from '../plan/plan-text.ts';
import { readPlan } from '../plan/read-plan.ts';
import type { BotPorts } from '../ports.ts';
import { checkResults } from '../shard/check-results.ts';
import { isResults, mergeResults, readResults } from '../shard/results.ts';
import { readArguments, usage } from './arguments.ts';
import { DONE } from './exit-codes.ts';
import { logText } from './log-text.ts';
import { reportLeftOut } from './rewrite-shard.ts';
import { readText } from './run.ts';
import { writeResults } from './write-results.ts';

/**
 * `merge FILE...`: the results (or the plans) of all shards as those of one process. Results are
 * looked at once more beside the commit they were made from; no key is needed.
 * @returns the exit code
 * @throws GitError; TidelockError ERR_ARGUMENT, ERR_PLAN
 */
export async function mergeCommand(args: readonly string[], ports: BotPorts): Promise<number> {
  const { text, isOn, positionals } = readArguments(args, { texts: ['out'], switches: ['json'] });
  if (positionals.length === 0) throw usage('merge needs what every shard wrote');
  const parts = positionals.map((path) => ({ path, content: readText(path, ports) }));
  if (parts.every(({ content }) => !isResults(content))) {
    const plan = mergePlans(parts.map((part) => inFile(part, readPlan)));
    ports.stdout(isOn('json') ? jsonText(plan) : logText(planText(plan), ports.env));
    return DONE;
  }
  const out = text('out');
  if (out === undefined) throw usage('merge of results needs --out FILE');
  const merged = mergeResults(parts.map((part) => inFile(part, readResults)));
  const base = await openBaseTree(ports.cwd, merged.plan.base ?? '', ports.env);
  try {
    const checked = await checkResults(merged, base.readFile);
    writeResults(out, ports.cwd, checked);
    return reportLeftOut(checked.files, ports);
  } finally {
    base.close();
  }
}

interface Part {
  readonly path: string;
  readonly content: string;
}

function inFile<T>({ path, content }: Part, read: (text: string) => T): T {
  try {
    return read(content);
  } catch (error) {
    throw error instanceof TidelockError ? error.inFile(path) : error;
  }
}
