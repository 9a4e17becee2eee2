import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Baseline,
  formatBaseline,
  makeBaseline,
  parseBaseline,
  type Valued,
} from '@tidelock/guard';
import { CommandError } from '../command-error.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Flags } from '../flags.ts';
import { errnoOf, isMissing, type Ports } from '../ports.ts';

const NAME = '.tidelock-baseline.json';
const COULD_NOT_RUN = 2;

export interface BaselineFile {
  /** Absolute. */
  readonly path: string;
  /** As messages show it. */
  readonly shown: string;
  /** null: there is none yet. */
  readonly baseline: Baseline | null;
}

/**
 * `--baseline FILE`, or `.tidelock-baseline.json` in the folder that is looked into.
 * @throws CommandError exit 2 when the named file does not exist and is not about to be written
 * @throws TidelockError when it is no baseline
 */
export function readBaselineFile(flags: Flags, root: string, ports: Ports): BaselineFile {
  const named = flags.text('baseline');
  const path = named === undefined ? join(root, NAME) : resolve(ports.cwd, named);
  const shown = named ?? NAME;
  const text = readTextOrNull(path, shown);
  if (text === null && named !== undefined && !flags.isOn('write-baseline')) {
    const hint = 'Write it first: add --write-baseline.';
    throw new CommandError('ERR_NO_FILE', COULD_NOT_RUN, `${shown} does not exist`, hint);
  }
  return { path, shown, baseline: text === null ? null : parseBaseline(text, shown) };
}

/** The salt of the earlier one is kept, so that lines that stay are the same. */
export async function writeBaselineFile(
  { path, baseline }: BaselineFile,
  found: readonly Valued[],
): Promise<number> {
  const made = baseline === null ? makeBaseline(found) : makeBaseline(found, baseline.salt);
  await writeAtomically({ path, bytes: Buffer.from(formatBaseline(made)), truncate: false });
  return made.entries.size;
}

/** @throws CommandError exit 2 for a file that is there and cannot be read */
export function readTextOrNull(path: string, shown: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    const what = `${shown} could not be read (${errnoOf(error) ?? 'unknown error'})`;
    throw new CommandError('ERR_READ', COULD_NOT_RUN, what, 'Check its permissions.');
  }
}
