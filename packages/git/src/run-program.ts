import { spawn } from 'node:child_process';
import { type Env, pathOutside } from './find-git.ts';

export interface ProgramOptions {
  readonly input?: Uint8Array | string;
  readonly env?: Env;
  /** Bytes of standard output beyond which the process is ended. */
  readonly maxOutput?: number;
  readonly timeoutMs?: number;
}

export interface ProgramResult {
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** By argument array, never through a shell. Rejects when it cannot be started. */
export type RunProgram = (
  program: string,
  args: readonly string[],
  options?: ProgramOptions,
) => Promise<ProgramResult>;

const MAX_OUTPUT = 16 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** Runs gpg and the like, never one that the work tree brings along. */
export function runOutside(env: Env, workTree: string | null): RunProgram {
  const safe = { ...env, PATH: pathOutside(env.PATH ?? '', workTree) };
  return (program, args, options = {}) =>
    new Promise<ProgramResult>((resolve, reject) => {
      const child = spawn(program, [...args], {
        shell: false,
        windowsHide: true,
        stdio: 'pipe',
        cwd: '/',
        timeout: options.timeoutMs ?? TIMEOUT_MS,
        env: { ...safe, ...options.env, PATH: safe.PATH },
      });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      let size = 0;
      const keep = (into: Buffer[]) => (chunk: Buffer) => {
        size += chunk.length;
        if (size > (options.maxOutput ?? MAX_OUTPUT)) child.kill();
        else into.push(chunk);
      };
      child.on('error', reject);
      child.stdout.on('data', keep(stdout));
      child.stderr.on('data', keep(stderr));
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
      child.on('close', (code) =>
        resolve({
          status: code ?? 1,
          stdout: Buffer.concat(stdout),
          stderr: Buffer.concat(stderr).toString('utf8'),
        }),
      );
    });
}
