import { TidelockError } from '../errors.ts';
import type { Environment } from '../ports.ts';
import { splitShellWords } from './shell-words.ts';

export interface IdentityCommand {
  /** The variable it stands in. */
  readonly name: string;
  readonly text: string;
  /** Added to its environment. */
  readonly variables: Readonly<Record<string, string>>;
}

const MOST_OUTPUT = 1024 * 1024;

/**
 * The standard output of a command that prints identities (SOPS-FORMAT 6.3); run without a shell.
 * @throws TidelockError ERR_IDENTITY, with neither its output nor its arguments
 */
export async function runIdentityCommand(
  command: IdentityCommand,
  environment: Environment,
): Promise<Uint8Array> {
  const [program, ...args] = splitShellWords(command.text) ?? [];
  if (program === undefined) throw failed(command.name, 'holds no command');
  const env = { ...environment.env, ...command.variables };
  const result = await environment
    .run(program, args, { env, maxOutput: MOST_OUTPUT })
    .catch(() => null);
  if (result === null) throw failed(command.name, 'could not be started');
  if (result.status !== 0) throw failed(command.name, `ended with status ${result.status}`);
  return result.stdout;
}

function failed(name: string, what: string): TidelockError {
  return new TidelockError('ERR_IDENTITY', `The command of ${name} ${what}`, {
    hint: 'Run it by hand: it must print identities and end with status 0.',
  });
}
