import { resolve } from 'node:path';
import { CommandError } from '../command-error.ts';
import type { Flags } from '../flags.ts';
import type { Ports } from '../ports.ts';
import type { Input } from './input.ts';
import { writeAtomically } from './write-atomically.ts';

const CONFLICT = 8;

/** @throws CommandError exit 8 for flags that contradict each other; call it before any work is done */
export function checkDestination(flags: Flags, path: string | null): void {
  if (!flags.isOn('in-place')) return;
  if (flags.has('output')) {
    throw new CommandError(
      'ERR_CONFLICTING_FLAGS',
      CONFLICT,
      '--in-place and --output contradict each other',
      'Give one of them.',
    );
  }
  if (path === null) {
    throw new CommandError(
      'ERR_CONFLICTING_FLAGS',
      CONFLICT,
      '--in-place needs a file; standard input has none',
      'Name the file, or leave --in-place out.',
    );
  }
}

/** To the file itself, to `--output`, or to standard output. */
export async function writeResult(
  ports: Ports,
  flags: Flags,
  input: Input,
  bytes: Uint8Array,
): Promise<void> {
  if (flags.isOn('in-place') && input.path !== null) return writeBack(ports, flags, input, bytes);
  const output = flags.text('output');
  if (output === undefined) {
    ports.stdout(bytes);
    return;
  }
  await writeAtomically({ path: resolve(ports.cwd, output), bytes, truncate: false });
}

/** Replaces the input file, unless it is no longer what was read. */
export async function writeBack(
  ports: Ports,
  flags: Flags,
  input: Input,
  bytes: Uint8Array,
  laterSynced?: Set<string>,
): Promise<void> {
  const path = resolve(ports.cwd, input.path ?? '');
  await writeAtomically({
    path,
    bytes,
    expected: input.bytes,
    truncate: flags.text('in-place') === 'truncate',
    ...(laterSynced === undefined ? {} : { laterSynced }),
  });
}
