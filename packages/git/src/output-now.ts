import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import type { Env } from './find-git.ts';

export interface NowOptions {
  readonly cwd: string;
  readonly env: Env;
  readonly input?: Uint8Array;
  /** Bytes beyond which the process is killed. */
  readonly maxOutput: number;
  /** Milliseconds after which the process is killed. */
  readonly timeoutMs: number;
}

/**
 * Standard output of a program that ended with 0 within the limits; null for anything else. Blocks:
 * for a program that is done in a few milliseconds, when there is nothing else to do.
 */
export function outputNow(
  program: string,
  args: readonly string[],
  options: NowOptions,
): Buffer | null {
  const inner = innerSpawn();
  if (inner !== null) return withoutStreams(inner, [program, ...args], options);
  const { cwd, env, input, maxOutput, timeoutMs } = options;
  const { status, stdout, error }: SpawnSyncReturns<Buffer> = spawnSync(program, [...args], {
    cwd,
    env,
    ...(input === undefined ? {} : { input }),
    maxBuffer: maxOutput,
    timeout: timeoutMs,
    stdio: 'pipe',
    windowsHide: true,
  });
  return error === undefined && status === 0 ? stdout : null;
}

interface InnerResult {
  readonly error?: number;
  readonly status: number | null;
  readonly output: readonly (Buffer | null)[] | null;
}

type InnerSpawn = (options: object) => InnerResult;

/**
 * What `spawnSync` itself calls. `node:child_process` loads sockets, datagrams and streams first,
 * which takes a hook longer than Git does. Where Node does not hand it out: null.
 */
function innerSpawn(): InnerSpawn | null {
  if (process.platform === 'win32') return null;
  try {
    const { binding } = process as { binding?: (name: string) => { spawn?: InnerSpawn } };
    return binding?.call(process, 'spawn_sync').spawn ?? null;
  } catch {
    return null;
  }
}

const SIGKILL = 9;
const OUT = { type: 'pipe', readable: false, writable: true };

function withoutStreams(
  spawn: InnerSpawn,
  command: readonly [string, ...string[]],
  { cwd, env, input, maxOutput, timeoutMs }: NowOptions,
): Buffer | null {
  const stdin = { type: 'pipe', readable: true, writable: false };
  const { error, status, output } = spawn({
    file: command[0],
    args: command,
    cwd,
    envPairs: Object.entries(env).flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${value}`],
    ),
    stdio: [input === undefined ? stdin : { ...stdin, input }, OUT, OUT],
    maxBuffer: maxOutput,
    timeout: timeoutMs,
    killSignal: SIGKILL,
    detached: false,
    windowsHide: true,
  });
  return error === undefined && status === 0 ? (output?.[1] ?? null) : null;
}
