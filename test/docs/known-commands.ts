import { join } from 'node:path';
import { repositoryRoot, run, tidelock } from '../support/program.ts';

/** Programs of others that a document may name in a block that is not run. */
const OTHERS = new Set([
  'cd',
  'npm',
  'terraform',
  'git',
  'export',
  'kubectl',
  'gh',
  'aws',
  'gcloud',
  'az',
  'vault',
  'flux',
  'kubeseal',
]);
const helps = new Map<string, string>();

/** Whether each simple command is one of ours with flags that its help lists, or of a known other program. */
export function isKnownCommand(text: string): boolean {
  return text
    .split(/&&|\|\|?|;|\n/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .every(isKnown);
}

function isKnown(command: string): boolean {
  const [program = '', verb = '', ...rest] = withoutRunner(command).split(/\s+/);
  if (program === 'tidelock' || program === 'tidelock-rotate') {
    const help = helpOf(program, verb);
    return rest
      .filter((word) => word.startsWith('--'))
      .every((flag) => help.includes(flag.split('=')[0] ?? flag));
  }
  return OTHERS.has(program);
}

/** `npx tidelock` and `npx @tidelock/rotation-bot` run what is installed under these names. */
const withoutRunner = (command: string) =>
  command
    .replace(/\s#.*$/, '')
    .replace(/^npx (?:--yes )?/, '')
    .replace(/^@tidelock\/rotation-bot/, 'tidelock-rotate');

function helpOf(program: string, verb: string): string {
  const key = program === 'tidelock' ? `${program} ${verb}` : program;
  const known = helps.get(key);
  if (known !== undefined) return known;
  const help =
    program === 'tidelock'
      ? tidelock([verb, '--help']).stdout
      : run(process.execPath, [
          join(repositoryRoot, 'packages/rotation-bot/dist/tidelock-rotate.js'),
          '--help',
        ]).stdout;
  helps.set(key, help);
  return help;
}
