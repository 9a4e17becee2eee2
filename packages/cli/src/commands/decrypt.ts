import { resolve } from 'node:path';
import { getAt, parseTreePath, storeFor, TidelockError, zero } from '@tidelock/core';
import type { Command } from '../command.ts';
import { findConfig } from '../config-lookup.ts';
import { inFile } from '../documents.ts';
import { emitAs, emitOpened } from '../emitting.ts';
import { ExitCodeError } from '../exit-codes.ts';
import { readInput } from '../files/input.ts';
import { checkDestination, writeResult } from '../files/output.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import {
  CANONICAL_FLAG,
  EXTRACT_FLAG,
  FILENAME_FLAG,
  IGNORE_MAC_FLAG,
  IN_PLACE_FLAG,
  KEY_SERVICE_FLAGS,
  ORDER_FLAG,
  OUTPUT_FLAG,
  TYPE_FLAGS,
} from '../flag-specs.ts';
import type { Flags } from '../flags.ts';
import { localKeyServices } from '../key-services.ts';
import { type OpenedInput, openInput } from '../opening.ts';
import { trustedGroups } from '../trusted-groups.ts';

const INVALID_TREE_PATH = 91;
/** Of a file made anew: what it holds was secret. */
const OWNER_ONLY = 0o600;

export const decryptCommand: Command = {
  name: 'decrypt',
  usage: 'decrypt [flags] [FILE]',
  summary: 'decrypt a file and check its MAC',
  flags: [
    IN_PLACE_FLAG,
    OUTPUT_FLAG,
    EXTRACT_FLAG,
    IGNORE_MAC_FLAG,
    ORDER_FLAG,
    FILENAME_FLAG,
    CANONICAL_FLAG,
    ...TYPE_FLAGS,
    ...KEY_SERVICE_FLAGS,
  ],
  async run({ ports, flags, positionals }) {
    checkDestination(flags, positionals[0] ?? null);
    const found = await findConfig(ports, flags);
    const input = await readInput(ports, flags, positionals, { stdin: 'binary' });
    const work = await openInput(
      ports,
      flags,
      input,
      localKeyServices(ports, flags, await trustedGroups(ports, flags, found)),
      true,
    );
    zero(work.opened.dataKey);
    const path = flags.text('extract') ?? '';
    const bytes = inFile(input.label, () =>
      path === ''
        ? emitOpened(work.opened, input.outputFormat, { flags, found })
        : extract(work, path, flags),
    );
    const output = flags.text('output');
    if (output === undefined) await writeResult(ports, flags, input, bytes);
    else await writeAtomically({ path: resolve(ports.cwd, output), bytes, mode: OWNER_ONLY });
    return 0;
  },
};

/** One value of the first document (SOPS-FORMAT 9.4). */
function extract({ opened, input }: OpenedInput, text: string, flags: Flags): Uint8Array {
  const [root] = opened.document.branches;
  if (root === undefined)
    throw new TidelockError('ERR_PATH_NOT_FOUND', 'the file holds no document');
  const value = getAt(root, treePath(text));
  if (value.kind === 'map') {
    const part = { ...opened.document, branches: [value], origin: null };
    return emitAs(part, input.outputFormat, { flags, found: null });
  }
  return storeFor(input.outputFormat).emitValue(value);
}

function treePath(text: string) {
  try {
    return parseTreePath(text);
  } catch (error) {
    throw error instanceof TidelockError ? new ExitCodeError(INVALID_TREE_PATH, error) : error;
  }
}
