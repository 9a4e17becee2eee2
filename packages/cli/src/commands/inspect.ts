import { type Metadata, masterKeyId, readMetadata, TidelockError } from '@tidelock/core';
import type { Command } from '../command.ts';
import { CommandError } from '../command-error.ts';
import { encryptedDocument } from '../documents.ts';
import { type Input, readInput } from '../files/input.ts';
import { TYPE_FLAGS } from '../flag-specs.ts';
import { printable } from '../terminal.ts';

interface Inspection {
  readonly path: string;
  readonly format: string;
  readonly keyGroups: readonly (readonly { readonly type: string; readonly id: string }[])[];
  readonly threshold: number;
  readonly selection: Readonly<Record<string, string>>;
  readonly lastmodified: string;
  readonly version: string;
}

interface Unreadable {
  readonly path: string;
  readonly error: { readonly code: string; readonly message: string };
}

export const inspectCommand: Command = {
  name: 'inspect',
  usage: 'inspect [--json] FILE...',
  summary: 'show who can read files, without any key',
  flags: [{ names: ['json'], kind: 'bool', help: 'one JSON object a line' }, ...TYPE_FLAGS],
  async run({ ports, flags, positionals }) {
    if (positionals.length === 0) {
      throw new CommandError(
        'ERR_NO_FILE',
        100,
        'no file specified',
        'Name the files behind the command.',
      );
    }
    let failures = 0;
    for (const path of positionals) {
      const result = await inspect(path, () => readInput(ports, flags, [path]));
      if ('error' in result) failures++;
      ports.stdout(`${flags.isOn('json') ? JSON.stringify(result) : describe(result)}\n`);
    }
    return failures === 0 ? 0 : 1;
  },
};

async function inspect(path: string, read: () => Promise<Input>): Promise<Inspection | Unreadable> {
  try {
    const input = await read();
    const { block } = encryptedDocument(input);
    if (block === null)
      return { path, error: { code: 'ERR_NOT_ENCRYPTED', message: 'sops metadata not found' } };
    return { path, format: input.inputFormat, ...facts(readMetadata(block)) };
  } catch (error) {
    if (!(error instanceof TidelockError || error instanceof CommandError)) throw error;
    return { path, error: { code: error.code, message: error.message } };
  }
}

function facts(metadata: Metadata): Omit<Inspection, 'path' | 'format'> {
  const { selection } = metadata;
  return {
    keyGroups: metadata.keyGroups.map(({ keys }) =>
      keys.map((key) => ({ type: key.type, id: masterKeyId(key) })),
    ),
    threshold: metadata.shamirThreshold,
    selection: {
      ...(selection === null ? {} : { [selection.rule]: selection.value }),
      ...(metadata.macOnlyEncrypted ? { mac_only_encrypted: 'true' } : {}),
    },
    lastmodified: metadata.lastModified,
    version: metadata.version,
  };
}

function describe(result: Inspection | Unreadable): string {
  const lines = [printable(result.path)];
  if ('error' in result)
    return `${lines[0]}: ${printable(result.error.message)} [${result.error.code}]`;
  result.keyGroups.forEach((keys, index) => {
    if (result.keyGroups.length > 1) lines.push(`  group ${index + 1}`);
    lines.push(...keys.map(({ type, id }) => `  ${type.padEnd(9)} ${printable(id)}`));
  });
  if (result.keyGroups.length > 1)
    lines.push(
      `  ${result.threshold || result.keyGroups.length} of ${result.keyGroups.length} groups are needed`,
    );
  for (const [name, value] of Object.entries(result.selection))
    lines.push(`  ${name}: ${printable(value)}`);
  lines.push(
    `  last modified ${printable(result.lastmodified)}, version ${printable(result.version)}`,
  );
  return lines.join('\n');
}
