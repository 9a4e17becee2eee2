import type { Command } from './command.ts';
import { COMMANDS } from './commands/index.ts';
import { GLOBAL_FLAGS } from './flag-specs.ts';
import type { FlagSpec } from './flags.ts';

export async function generalHelp(): Promise<string> {
  const commands = await Promise.all([...COMMANDS.values()].map((load) => load()));
  const widest = Math.max(...commands.map(({ name }) => name.length));
  const rows = commands.map(({ name, summary }) => `  ${name.padEnd(widest)}  ${summary}`);
  return `tidelock keeps secrets in Git encrypted, in sops' format.

Usage: tidelock [global flags] COMMAND [flags] [FILE...]
       tidelock [-e|-d|-r|-i ...] FILE     the legacy form of sops; without a flag it edits

Commands:
${rows.join('\n')}

Global flags:
${flagRows(GLOBAL_FLAGS)}

\`tidelock COMMAND --help\` shows the flags of a command.
`;
}

export function commandHelp(command: Command): string {
  return `${command.summary}

Usage: tidelock ${command.usage}

Flags:
${flagRows(command.flags)}
`;
}

function flagRows(specs: readonly FlagSpec[]): string {
  return specs
    .map(({ names, kind, help, env }) => {
      const spelled = names
        .map((name) => (name.length === 1 ? `-${name}` : `--${name}`))
        .join(', ');
      const value = kind === 'bool' ? '' : ' VALUE';
      return `  ${`${spelled}${value}`.padEnd(44)} ${help}${env === undefined ? '' : ` [$${env}]`}`;
    })
    .join('\n');
}
