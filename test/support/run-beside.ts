import { type ChildProcess, spawn } from 'node:child_process';
import { type Outcome, type RunOptions, tidelockProgram } from './program.ts';

export interface Started {
  readonly child: ChildProcess;
  readonly outcome: Promise<Outcome>;
}

/** Starts a program; this process goes on answering as a server. */
export function startBeside(
  program: string,
  args: readonly string[],
  { cwd, env, input }: RunOptions = {},
): Started {
  const child = spawn(program, [...args], { cwd, env, timeout: 60_000 });
  const outcome = new Promise<Outcome>((resolve, reject) => {
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      const bytes = Buffer.concat(stdout);
      const status = code ?? 128;
      resolve({ status, stdout: `${bytes}`, stderr: `${Buffer.concat(stderr)}`, bytes });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
  });
  return { child, outcome };
}

export function runBeside(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return startBeside(program, args, options).outcome;
}

/** The built command, while this process answers it. */
export function tidelockBeside(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return runBeside(process.execPath, [tidelockProgram, ...args], options);
}
