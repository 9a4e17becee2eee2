import { isSealedScope, type SealedPlace } from '@tidelock/core';
import type { Flags } from '../flags.ts';
import { refused } from '../kubernetes/refused.ts';
import { readNamedValue } from '../kubernetes/secret-values.ts';
import type { Ports } from '../ports.ts';
import { placeFor } from './seal-secret.ts';

/** The place that flags name for a value without a manifest. @throws CommandError */
export function rawPlace(flags: Flags): SealedPlace {
  const scope = flags.text('scope') ?? 'strict';
  if (!isSealedScope(scope)) throw unknownScope();
  return placeFor(
    { name: flags.text('name') ?? null, namespace: flags.text('namespace') ?? null },
    scope,
  );
}

export const unknownScope = () =>
  refused('--scope takes another word', 'strict, namespace-wide or cluster-wide');

/** The one value of `--raw`. @throws CommandError */
export async function rawInput(
  ports: Ports,
  flags: Flags,
  manifest: string | undefined,
): Promise<Uint8Array> {
  if (manifest !== undefined)
    throw refused('--raw takes a value and no manifest', 'Leave the file out, or --raw.');
  const [file, second] = flags.list('from-file');
  if (file === undefined || second !== undefined)
    throw refused('--raw takes one value', '--raw --from-file FILE; - is standard input');
  const at = file.indexOf('=');
  return readNamedValue(ports, at > 0 ? file.slice(at + 1) : file);
}
