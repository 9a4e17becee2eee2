import { CommandError } from './command-error.ts';
import { COMMANDS } from './commands/index.ts';
import { LEGACY_FLAGS } from './flag-specs.ts';
import { parseFlags } from './flags.ts';
import type { Ports } from './ports.ts';
import { warningLine } from './terminal.ts';

const CONFLICT = 8;
const NO_FILE = 100;
const MODES = ['encrypt', 'decrypt', 'rotate', 'set'] as const;

/**
 * `sops [-e|-d|-r|--set ...] FILE`, flags before the file (SOPS-FORMAT 9.1). Each mode is the
 * subcommand of that name; without one the file is edited.
 */
export async function runLegacy(args: readonly string[], ports: Ports): Promise<number> {
  const { flags, positionals } = parseFlags(args, LEGACY_FLAGS, {
    env: ports.env,
    stopAtPositional: true,
  });
  const modes = MODES.filter((mode) => flags.has(mode));
  if (modes.length > 1) {
    throw new CommandError(
      'ERR_CONFLICTING_FLAGS',
      CONFLICT,
      `--${modes.join(' and --')} contradict each other`,
      'Give one of them.',
    );
  }
  const [file, ...extra] = positionals;
  if (file === undefined) {
    throw new CommandError(
      'ERR_NO_FILE',
      NO_FILE,
      'no file specified',
      'tidelock --help lists the commands.',
    );
  }
  if (extra.length > 0) {
    ports.stderr(
      warningLine(
        'CMD',
        'More than one positional argument; flags must stand before the file. The rest is ignored.',
        ports.now(),
      ),
    );
  }
  const load = COMMANDS.get(modes[0] ?? 'edit');
  if (load === undefined) throw new CommandError('ERR_USAGE', 1, 'no such mode');
  const command = await load();
  const rest = modes[0] === 'set' ? [file, ...splitSetArgument(flags.text('set') ?? '')] : [file];
  return command.run({ ports, flags, positionals: rest });
}

/** `["a"][0] value`: the path ends with the last bracket before the first space outside brackets. */
function splitSetArgument(text: string): readonly string[] {
  const trimmed = text.trim();
  const end = /^(?:\[(?:"[^"]*"|'[^']*'|[^\]"']*)\]\s*)+/.exec(trimmed)?.[0];
  if (end === undefined) return [trimmed];
  return [end.trim(), trimmed.slice(end.length)];
}
