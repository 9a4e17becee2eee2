import { openRepository } from '@tidelock/git';
import { CLEAN, USAGE } from './exit-codes.ts';
import { installHooks, uninstallHooks } from './install.ts';

/** Installs the hooks of this repository, or takes them away, and says what was done. */
export async function changeHooks(change: 'install' | 'uninstall'): Promise<number> {
  const repository = await openRepository(process.cwd(), process.env);
  const program = { node: process.execPath, script: process.argv[1] ?? '' };
  const result =
    change === 'install'
      ? await installHooks(repository, program)
      : await uninstallHooks(repository);
  process.stderr.write(`${result.lines.join('\n')}\n`);
  return result.done ? CLEAN : USAGE;
}
