import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatOf } from '@tidelock/core';
import type { Invocation } from '../command.ts';
import { findConfig } from '../config-lookup.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { ruleFor } from '../key-groups.ts';
import { encryptSecret } from './encrypt-secret.ts';
import { refused } from './refused.ts';
import { checkNames } from './secret-manifest.ts';
import { checkType } from './secret-types.ts';
import { readSecretValues } from './secret-values.ts';

/** Writes an encrypted Secret manifest in one step: its plain text stands in memory alone. */
export async function makeSecret({ ports, flags, positionals }: Invocation): Promise<number> {
  const [, name, more] = positionals;
  const output = flags.text('output');
  if (name === undefined || more !== undefined)
    throw refused('one name of a Secret is needed', 'tidelock kubernetes secret NAME ... -o FILE');
  if (output === undefined || output === '')
    throw refused(
      'no file is named to write to',
      'Add -o FILE: its path decides the creation rule.',
    );
  const format = formatOf(output);
  if (format !== 'yaml' && format !== 'json')
    throw refused(
      `${output} is no manifest by its name`,
      'A manifest ends in .yaml, .yml or .json.',
    );
  const path = resolve(ports.cwd, output);
  const isForced = flags.isOn('force');
  if (existsSync(path) && !isForced)
    throw refused(
      `${output} is there already`,
      'Change it with tidelock edit, or replace it: --force.',
    );
  const request = {
    name,
    namespace: flags.text('namespace') ?? null,
    type: flags.text('type') ?? 'Opaque',
  };
  checkNames(request);
  if (flags.list('from-literal').length > 0)
    ports.stderr(
      'tidelock: a value behind --from-literal stays in the history of the shell and is seen by others in the list of processes; better: --from-file key=- reads it from standard input.\n',
    );
  const found = await findConfig(ports, flags);
  if (found !== null) ruleFor(found, path);
  const values = await readSecretValues(ports, flags);
  checkType(request.type, values, request.namespace);
  const encrypted = await encryptSecret(
    { ...request, values },
    { ports, flags, path, label: output, found },
  );
  await writeAtomically({ path, bytes: encrypted, ...(isForced ? {} : { expected: null }) });
  ports.stderr(`tidelock: ${output} written, ${values.size} encrypted\n`);
  return 0;
}
