/**
 * What the core asks of the world. The edges (command, hook, action, bot) pass real ones; the core
 * itself opens no file, reads no environment and knows no clock.
 */
export interface Clock {
  now(): Date;
}

export type RandomBytes = (size: number) => Uint8Array;

export interface RunOptions {
  readonly input?: Uint8Array | string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Bytes of standard output beyond which the process is ended. */
  readonly maxOutput?: number;
  readonly timeoutMs?: number;
}

export interface RunResult {
  readonly status: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

/** Runs a program by argument array, never through a shell. Rejects when it cannot be started. */
export type Run = (
  program: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<RunResult>;

/** Reads a whole file; null when it does not exist. */
export type ReadFile = (path: string) => Promise<Uint8Array | null>;

export interface Environment {
  /** As `process.env`: set to '' counts as set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly cwd: string;
  readonly readFile: ReadFile;
  readonly run: Run;
}
