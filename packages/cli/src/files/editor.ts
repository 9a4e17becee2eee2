import { splitShellWords } from '@tidelock/core';
import { CommandError } from '../command-error.ts';
import type { Ports } from '../ports.ts';
import { runChild } from './run-child.ts';

const NO_EDITOR = 201;
const COMMON_EDITORS = ['vim', 'nano', 'vi'];

/**
 * Opens the file in the user's editor and waits (SOPS-FORMAT 9.4): `SOPS_EDITOR`, `EDITOR`, then the
 * first common one that starts.
 * @throws CommandError exit 201 when there is none or it fails
 */
export async function openEditor(ports: Ports, path: string): Promise<void> {
  const line = ports.env.SOPS_EDITOR ?? ports.env.EDITOR;
  const candidates =
    line === undefined || line === ''
      ? COMMON_EDITORS.map((name) => [name])
      : [splitShellWords(line) ?? []];
  for (const [program = '', ...args] of candidates) {
    const status = await start(ports, program, [...args, path]);
    if (status === 0) return;
    if (status !== null) {
      throw new CommandError(
        'ERR_NO_EDITOR',
        NO_EDITOR,
        `the editor ${program} ended with exit code ${status}; nothing was written`,
        'Check SOPS_EDITOR or EDITOR.',
      );
    }
  }
  throw new CommandError(
    'ERR_NO_EDITOR',
    NO_EDITOR,
    'no editor could be started',
    'Set EDITOR, or install vim, nano or vi.',
  );
}

async function start(
  ports: Ports,
  program: string,
  args: readonly string[],
): Promise<number | null> {
  try {
    return await runChild(program, args, { env: ports.env });
  } catch {
    return null;
  }
}
