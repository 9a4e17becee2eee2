import { createLimiter, recordKeys } from '@tidelock/core';
import { errorText } from './error-text.ts';
import { askYesOrNo } from './files/ask.ts';
import { syncFolder } from './files/write-atomically.ts';
import { localKeyServices } from './key-services.ts';
import { hasReadersLeft, keyUpdateText } from './key-update-text.ts';
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
}

/** Plans, shows and applies the key update of many files; a failure does not hold up the others. */
export async function updateFiles(
  paths: readonly string[],
  context: UpdateContext,
): Promise<UpdateCounts> {
  const { ports, flags, found } = context;
  const keys = recordKeys(localKeyServices(ports, flags, trustedGroups(found)));
  const limiter = createLimiter(
    Number(flags.text('concurrency') ?? CALLS_AT_ONCE) || CALLS_AT_ONCE,
  );
  const folders = new Set<string>();
  let failures = 0;
  const failed = (error: unknown) => {
    failures++;
    ports.stderr(errorText(error));
  };

  const due: KeyUpdate[] = [];
  for (const path of paths) {
    try {
      const update = await planKeyUpdateOf(path, context);
      if (update.plan.upToDate) ports.stderr(`File ${path} already up to date\n`);
      else due.push(update);
    } catch (error) {
      failed(error);
    }
  }
  const accepted = await askAbout(due, context);
  await inTurn(accepted, FILES_AT_ONCE, async (update) => {
    try {
      await applyKeyUpdate(update, { ...context, keys, limiter, folders });
      ports.stderr(`File ${update.input.label} synced with new keys\n`);
      const leftover = hasReadersLeft(update.plan);
      if (leftover !== null)
        ports.stderr(`${leftover}\nhint: tidelock rotate -i ${update.input.label}\n`);
    } catch (error) {
      failed(error);
    }
  });
  for (const folder of folders) syncFolder(folder);
  keys.clear();
  return { failures, drifted: due.length };
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
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, worker));
}
