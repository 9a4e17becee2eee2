import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseTreePath, TidelockError, type TreePath } from '@tidelock/core';
import { CommandError } from './command-error.ts';
import { ExitCodeError } from './exit-codes.ts';
import type { Flags } from './flags.ts';
import type { Ports } from './ports.ts';

const INVALID_SET = 7;

/** @throws ExitCodeError 7 for what is no tree path */
export function setPath(text: string): TreePath {
  try {
    return parseTreePath(text);
  } catch (error) {
    throw error instanceof TidelockError ? new ExitCodeError(INVALID_SET, error) : error;
  }
}

/** The value of `set`: an argument, `--value-file` or `--value-stdin`. */
export async function givenValue(
  ports: Ports,
  flags: Flags,
  argument: string | undefined,
): Promise<string> {
  if (flags.isOn('value-stdin')) return Buffer.from(await ports.stdin()).toString('utf8');
  if (argument === undefined)
    throw new CommandError(
      'ERR_NO_FILE',
      100,
      'set takes a file, a tree path and a value',
      'tidelock set FILE \'["key"]\' \'"text"\'',
    );
  if (!flags.isOn('value-file')) return argument;
  return readFile(resolve(ports.cwd, argument), 'utf8');
}
