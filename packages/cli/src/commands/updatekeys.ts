import { createLimiter, recordKeys, TidelockError } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { findConfig } from '../config-lookup.ts';
import { errorText } from '../error-text.ts';
import { askYesOrNo } from '../files/ask.ts';
import { findEncrypted } from '../files/find-encrypted.ts';
import { syncFolder } from '../files/write-atomically.ts';
import { IN_PLACE_FLAG, KEY_SERVICE_FLAGS, TYPE_FLAGS } from '../flag-specs.ts';
import { localKeyServices } from '../key-services.ts';
import { hasReadersLeft, keyUpdateText } from '../key-update-text.ts';
import { trustedGroups } from '../trusted-groups.ts';
import { applyKeyUpdate, type KeyUpdate, planKeyUpdateOf } from '../updating-keys.ts';

/** Files under way at once: enough to keep network and disk busy. */
const FILES_AT_ONCE = 32;
const CALLS_AT_ONCE = 16;

export const updatekeysCommand: Command = {
  name: 'updatekeys',
  usage: 'updatekeys [flags] FILE|FOLDER...',
  summary: 'wrap the data keys of files for the keys their creation rules name now',
  flags: [
    { names: ['yes', 'y'], kind: 'bool', help: 'do not ask' },
    {
      names: ['check'],
      kind: 'bool',
      help: 'change nothing; exit 1 when a file is not up to date',
    },
    {
      names: ['concurrency'],
      kind: 'string',
      help: `calls of key services at once (${CALLS_AT_ONCE})`,
    },
    IN_PLACE_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    if (positionals.length === 0) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified',
        'Name files or folders behind the command.',
      );
    }
    const found = await findConfig(ports, flags);
    if (found === null) {
      throw new TidelockError(
        'ERR_CONFIG_NOT_FOUND',
        'config file not found, or has no creation rules',
        {
          hint: 'updatekeys takes the keys from .sops.yaml: write one, or run the command below it.',
        },
      );
    }
    const paths = await findEncrypted(positionals, ports.cwd);
    const services = localKeyServices(ports, flags, trustedGroups(found));
    const keys = recordKeys(services);
    const limiter = createLimiter(
      Number(flags.text('concurrency') ?? CALLS_AT_ONCE) || CALLS_AT_ONCE,
    );
    const now = ports.now();
    const folders = new Set<string>();
    let failures = 0;
    let drifted = 0;
    const failed = (error: unknown) => {
      failures++;
      ports.stderr(errorText(error));
    };

    const due: KeyUpdate[] = [];
    for (const path of paths) {
      try {
        const update = await planKeyUpdateOf(path, { ports, flags, found, now });
        if (update.plan.upToDate) ports.stderr(`File ${path} already up to date\n`);
        else due.push(update);
      } catch (error) {
        failed(error);
      }
    }
    const accepted: KeyUpdate[] = [];
    for (const update of due) {
      drifted++;
      ports.stderr(`Syncing keys for file ${update.input.label}\n`);
      ports.stdout(keyUpdateText(update.plan));
      if (flags.isOn('check')) continue;
      if (flags.isOn('yes') || (await askYesOrNo(ports, 'Is this okay? (y/n):')))
        accepted.push(update);
    }
    await inTurn(accepted, FILES_AT_ONCE, async (update) => {
      try {
        await applyKeyUpdate(update, { ports, flags, found, now, keys, limiter, folders });
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
    if (failures > 0) {
      throw new CommandError(
        'ERR_SOME_FAILED',
        1,
        `failed updating ${failures} key(s)`,
        'The messages above name the files; the others are done.',
      );
    }
    return flags.isOn('check') && drifted > 0 ? 1 : 0;
  },
};

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
