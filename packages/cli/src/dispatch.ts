import type { Command } from './command.ts';
import { CommandError } from './command-error.ts';
import { COMMANDS } from './commands/index.ts';
import { GLOBAL_FLAGS, LEGACY_FLAGS } from './flag-specs.ts';
import { type Flags, parseFlags, UsageError } from './flags.ts';
import { commandHelp, generalHelp } from './help.ts';
import { runLegacy } from './legacy.ts';
import type { Ports } from './ports.ts';
import { warningLine } from './terminal.ts';
import { versionText } from './version.ts';

/**
 * `tidelock [global flags] COMMAND [flags] ARGS`, or the legacy form without a command
 * (SOPS-FORMAT 9.1). A file whose name is a command's must be given as `./NAME`.
 */
export async function dispatch(args: readonly string[], ports: Ports): Promise<number> {
  const head = parseFlags(args, LEGACY_FLAGS, { env: ports.env, stopAtPositional: true });
  if (head.flags.isOn('version')) {
    ports.stdout(versionText(ports.calledAs));
    return 0;
  }
  const [name = '', ...rest] = head.positionals;
  if (name === 'help' || (name === '' && (head.flags.isOn('help') || args.length === 0))) {
    return help(rest[0], ports);
  }
  const load = COMMANDS.get(name);
  if (load === undefined) return runLegacy(args, ports);
  return runCommand(await load(), rest, { ports, before: head.flags });
}

async function help(name: string | undefined, ports: Ports): Promise<number> {
  const load = name === undefined ? undefined : COMMANDS.get(name);
  ports.stdout(load === undefined ? await generalHelp() : commandHelp(await load()));
  return 0;
}

export interface CommandContext {
  readonly ports: Ports;
  /** Flags that stood before the command. */
  readonly before: Flags;
}

export async function runCommand(
  command: Command,
  args: readonly string[],
  { ports, before }: CommandContext,
): Promise<number> {
  const specs = [...command.flags, ...GLOBAL_FLAGS.filter(({ names }) => !has(command, names[0]))];
  let parsed: ReturnType<typeof parseFlags>;
  try {
    parsed = parseFlags(args, specs, { env: ports.env });
  } catch (error) {
    if (error instanceof UsageError) ports.stderr(commandHelp(command));
    if (!(error instanceof UsageError) || command.exitWhenMisused === undefined) throw error;
    throw misused(command.exitWhenMisused, error.message);
  }
  if (parsed.flags.isOn('help')) {
    ports.stdout(commandHelp(command));
    return 0;
  }
  if (parsed.ignored.length > 0) {
    if (command.exitWhenMisused !== undefined) {
      const unknown = `no such flag: ${parsed.ignored.join(' ')}`;
      throw misused(command.exitWhenMisused, unknown);
    }
    const message = `ignored, no such flag of ${command.name}: ${parsed.ignored.join(' ')}`;
    ports.stderr(warningLine('CMD', message, ports.now()));
  }
  const flags = parsed.flags.withDefaults(before);
  return command.run({ ports, flags, positionals: parsed.positionals });
}

function misused(exitCode: number, message: string): CommandError {
  return new CommandError('ERR_USAGE', exitCode, message, 'tidelock help COMMAND lists its flags.');
}

function has(command: Command, name: string): boolean {
  return command.flags.some((spec) => spec.names[0] === name);
}
