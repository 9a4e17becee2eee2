import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Format, formatOf, isFormat } from '@tidelock/core';
import { CommandError } from '../command-error.ts';
import type { Flags } from '../flags.ts';
import { errnoOf, isMissing, type Ports } from '../ports.ts';

const COULD_NOT_READ = 2;
const NO_FILE = 100;
const CONFLICT = 8;

/** What a command works on: a file, or standard input under a name. */
export interface Input {
  /** As the user named it; null for standard input. */
  readonly path: string | null;
  /** Absolute name that decides format and creation rule. */
  readonly name: string;
  /** For messages. */
  readonly label: string;
  readonly bytes: Uint8Array;
  readonly inputFormat: Format;
  readonly outputFormat: Format;
}

/**
 * The file a command was given, read whole. Without a file it is standard input, which needs
 * `--filename-override` where the name decides what happens.
 * @throws CommandError exit 100 when there is none, 2 when it cannot be read, 8 for a missing name
 */
export async function readInput(
  ports: Ports,
  flags: Flags,
  positionals: readonly string[],
  options: { readonly stdin: 'refused' | 'binary' | 'needs-name' } = { stdin: 'refused' },
): Promise<Input> {
  const path = positionals[0] ?? null;
  const override = flags.text('filename-override');
  if (path === null && options.stdin === 'refused') {
    throw new CommandError(
      'ERR_NO_FILE',
      NO_FILE,
      'no file specified',
      'Name the file behind the command.',
    );
  }
  if (path === null && options.stdin === 'needs-name' && override === undefined) {
    throw new CommandError(
      'ERR_CONFLICTING_FLAGS',
      CONFLICT,
      'standard input has no name, and the name decides format and creation rule',
      'Add --filename-override NAME.',
    );
  }
  const bytes = path === null ? await ports.stdin() : await readNamed(ports, path);
  const name = override ?? path ?? '';
  const byName = name === '' ? 'binary' : formatOf(name);
  return {
    path,
    name: name === '' ? '' : resolve(ports.cwd, name),
    label: path ?? override ?? 'standard input',
    bytes,
    ...inputFormats(flags, byName),
  };
}

/** What `--input-type` and `--output-type` say, else the name. */
export function inputFormats(
  flags: Flags,
  byName: Format,
): Pick<Input, 'inputFormat' | 'outputFormat'> {
  return {
    inputFormat: formatFlag(flags, 'input-type') ?? byName,
    outputFormat: formatFlag(flags, 'output-type') ?? byName,
  };
}

/** A type that does not exist falls back to the file name, as in sops. */
function formatFlag(flags: Flags, name: string): Format | null {
  const value = flags.text(name);
  return value !== undefined && isFormat(value) ? value : null;
}

async function readNamed(ports: Ports, path: string): Promise<Uint8Array> {
  const target = resolve(ports.cwd, path);
  try {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === true) {
      throw new CommandError(
        'ERR_READ',
        COULD_NOT_READ,
        `${path} is a folder, not a file`,
        'Name a file; updatekeys alone takes folders.',
      );
    }
    const bytes = await ports.readFile(target);
    if (bytes !== null) return bytes;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (!isMissing(error)) {
      throw new CommandError(
        'ERR_READ',
        COULD_NOT_READ,
        `${path} could not be read (${errnoOf(error) ?? 'unknown error'})`,
        'Check its permissions.',
      );
    }
  }
  throw new CommandError(
    'ERR_NO_FILE',
    NO_FILE,
    `cannot operate on non-existent file ${path}`,
    'Check the name; it is looked up from the current folder.',
  );
}
