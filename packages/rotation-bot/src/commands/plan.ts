import { appendFileSync } from 'node:fs';
import { jsonText } from '@tidelock/guard';
import { openBaseTree } from '../plan/base-tree.ts';
import type { Plan } from '../plan/plan.ts';
import { planRepository } from '../plan/plan-repository.ts';
import { planText } from '../plan/plan-text.ts';
import type { BotPorts } from '../ports.ts';
import { parseShard } from '../shard/shard-of.ts';
import { readArguments, readNow, usage } from './arguments.ts';
import { askerOf } from './ask-keys.ts';
import { DONE, DUE, SOME_LEFT_OUT } from './exit-codes.ts';
import { logText } from './log-text.ts';
import { planSummary } from './plan-summary.ts';

/**
 * `plan`: what is due in a commit of the repository around the current folder. Reads Git alone.
 * @returns the exit code
 * @throws GitError; TidelockError ERR_ARGUMENT, ERR_SHARD, ERR_CONFIG
 */
export async function planCommand(args: readonly string[], ports: BotPorts): Promise<number> {
  const { text, isOn, positionals } = readArguments(args, {
    switches: ['check', 'json', 'ask-keys'],
    texts: ['shard', 'at', 'now'],
  });
  if (positionals.length > 0) throw usage(`plan takes no file: ${positionals[0]}`);
  const now = readNow(text('now'), () => ports.now());
  const share = text('shard');
  const shard = share === undefined ? null : parseShard(share);
  const base = await openBaseTree(ports.cwd, text('at') ?? 'HEAD', ports.env);
  try {
    const askKeyStates = askerOf(isOn('ask-keys'), ports);
    const plan = await planRepository(base, { shard, now, askKeyStates });
    ports.stdout(isOn('json') ? jsonText(plan) : logText(planText(plan), ports.env));
    const summary = ports.env.GITHUB_STEP_SUMMARY;
    if (summary) appendFileSync(summary, planSummary(plan));
    return isOn('check') ? checked(plan) : DONE;
  } finally {
    base.close();
  }
}

/** What could not be planned is not fine, though nothing else is due. */
function checked({ groups, problems }: Plan): number {
  if (groups.length > 0) return DUE;
  return problems.length > 0 ? SOME_LEFT_OUT : DONE;
}
