import { resolve } from 'node:path';
import { type Format, formatOf } from '@tidelock/core';
import { writeAtomically } from '../files/write-atomically.ts';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import type { Ports } from '../ports.ts';

/** `--format`, else what the name of `--output` says, else the format of the input. */
export function resultFormat(flags: Flags, input: Format): Format {
  const given = flags.text('format');
  if (given !== undefined && given !== 'yaml' && given !== 'json')
    throw refused('--format takes another word', 'yaml or json');
  const byName = formatOf(flags.text('output') ?? '');
  return given ?? (byName === 'yaml' || byName === 'json' ? byName : input);
}

/** To `--output`, or to standard output. */
export async function writeManifest(
  ports: Ports,
  flags: Flags,
  bytes: Uint8Array,
  options: { readonly isPrivate?: boolean } = {},
): Promise<void> {
  const output = flags.text('output');
  if (output === undefined) ports.stdout(bytes);
  else await writeAtomically({ path: resolve(ports.cwd, output), bytes, ...options });
}

/** @throws CommandError for more than one */
export function requireOneFile(positionals: readonly string[], verb: string): string | undefined {
  const [path, second] = positionals;
  if (second === undefined) return path;
  throw refused(`${verb} takes one file`, `tidelock sealed-secrets ${verb} [flags] [FILE]`);
}
