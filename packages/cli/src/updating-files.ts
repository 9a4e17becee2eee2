import { createLimiter, recordKeys } from '@tidelock/core';
import { CommandError } from './command-error.ts';
import { errorText } from './error-text.ts';
import { askYesOrNo } from './files/ask.ts';
import { syncFolder } from './files/write-atomically.ts';
import type { Flags } from './flags.ts';
import { InOrder } from './in-order.ts';
import { cancelOnInterrupt } from './interrupt.ts';
import { localKeyServices } from './key-services.ts';
import { hasReadersLeft, keyUpdateText } from './key-update-text.ts';
import { Progress } from './progress.ts';
import { isShare } from './sharing-work.ts';
import { trustedGroups } from './trusted-groups.ts';
import {
  applyKeyUpdate,
  type KeyUpdate,
  planKeyUpdateOf,
  type UpdateContext,
} from './updating-keys.ts';

/** Files under way at once: enough to keep network and disk busy. */
const FILES_AT_ONCE = 32;
export const CALLS_AT_ONCE = 16;

export interface UpdateCounts {
  readonly failures: number;
  /** Files whose readers are not those of their rule. */
  readonly drifted: number;
  /** Files that Ctrl-C left as they were. */
  readonly untouched: number;
}

/** Plans, shows and applies the key update of many files; a failure does not hold up the others. */
export async function updateFiles(
  paths: readonly string[],
  context: UpdateContext,
): Promise<UpdateCounts> {
  const { ports, flags, found } = context;
  // What is shown on the terminal are the files.
  const quiet = { ...ports, isTerminal: false };
  const keys = recordKeys(localKeyServices(quiet, flags, await trustedGroups(ports, flags, found)));
  const limiter = createLimiter(context.concurrency);
  const cancel = cancelOnInterrupt();
  // Of several processes one alone counts on the terminal.
  const progress = new Progress({ ...ports, isTerminal: ports.isTerminal && !isShare(ports.env) });
  const folders = new Set<string>();
  const counts = { done: 0, failures: 0, untouched: 0 };
  const failed = (error: unknown) => {
    counts.failures++;
    progress.say(errorText(error));
  };

  const due: KeyUpdate[] = [];
  for (const path of paths) {
    try {
      const update = await planKeyUpdateOf(path, { ...context, services: keys.services });
      if (update.plan.upToDate) progress.say(`File ${path} already up to date\n`);
      else due.push(update);
    } catch (error) {
      failed(error);
    }
  }
  const accepted = await askAbout(due, context);
  const told = new InOrder((text) => progress.say(text));
  const apply = async (update: KeyUpdate, index: number) => {
    try {
      if (cancel.aborted) throw cancel.reason;
      await applyKeyUpdate(update, { ...context, keys, limiter, folders });
      counts.done++;
      told.add(index, doneText(update));
    } catch (error) {
      if (cancel.aborted) counts.untouched++;
      else counts.failures++;
      told.add(index, cancel.aborted ? null : errorText(error));
    }
  };
  const shown = () => `${counts.done} of ${accepted.length} files`;
  await progress.during(shown, inTurn(accepted, FILES_AT_ONCE, apply));
  for (const folder of folders) syncFolder(folder);
  keys.clear();
  return { failures: counts.failures, drifted: due.length, untouched: counts.untouched };
}

function doneText({ input, plan }: KeyUpdate): string {
  const leftover = hasReadersLeft(plan);
  const rotate = leftover === null ? '' : `${leftover}\nhint: tidelock rotate -i ${input.label}\n`;
  return `File ${input.label} synced with new keys\n${rotate}`;
}

/** @throws CommandError when --concurrency is not a number of calls */
export function callsAtOnce(flags: Flags): number {
  const text = flags.text('concurrency');
  if (text === undefined) return CALLS_AT_ONCE;
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text);
  throw new CommandError(
    'ERR_USAGE',
    1,
    '--concurrency must be a whole number from 1 to 999',
    `It is how many calls of key services run at once; ${CALLS_AT_ONCE} unless given.`,
  );
}

/** Shows each change; those that may be made. */
async function askAbout(
  due: readonly KeyUpdate[],
  { ports, flags }: UpdateContext,
): Promise<readonly KeyUpdate[]> {
  const accepted: KeyUpdate[] = [];
  for (const update of due) {
    ports.stderr(`Syncing keys for file ${update.input.label}\n`);
    ports.stdout(keyUpdateText(update.plan));
    if (flags.isOn('check')) continue;
    if (flags.isOn('yes') || (await askYesOrNo(ports, 'Is this okay? (y/n):')))
      accepted.push(update);
  }
  return accepted;
}

/** Runs `work` on every item, `width` at a time. */
async function inTurn<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) await work(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
