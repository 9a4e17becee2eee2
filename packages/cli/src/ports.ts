import { readFileSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Environment, Run, RunResult } from '@tidelock/core';

/** The world as the command sees it; tests pass another one. */
export interface Ports extends Environment {
  readonly now: () => Date;
  readonly stdin: () => Promise<Uint8Array>;
  readonly stdout: (data: Uint8Array | string) => void;
  readonly stderr: (text: string) => void;
  readonly isTerminal: boolean;
  /** Whether a person is there to answer. */
  readonly isInteractive: boolean;
}

const DEFAULT_MAX_OUTPUT = 64 * 1024 * 1024;

export const run: Run = (program, args, options = {}) =>
  new Promise<RunResult>((resolve, reject) => {
    const { spawn } = process.getBuiltinModule('node:child_process');
    const child = spawn(program, [...args], {
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.env === undefined ? {} : { env: options.env as NodeJS.ProcessEnv }),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let size = 0;
    child.on('error', reject);
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > (options.maxOutput ?? DEFAULT_MAX_OUTPUT)) child.kill();
      else stdout.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    child.on('close', (code) => {
      resolve({
        status: code ?? 1,
        stdout: Buffer.concat(stdout),
        stderr: Buffer.concat(stderr).toString('utf8'),
      });
    });
  });

/** Synchronously: for the small files of a repository many times faster than a round by the pool. */
export async function readFileOrNull(path: string): Promise<Uint8Array | null> {
  try {
    return readFileSync(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

export function isMissing(error: unknown): boolean {
  const code = errnoOf(error);
  return code === 'ENOENT' || code === 'ENOTDIR';
}

/** The system's code of an error (`EACCES`), or undefined. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** The path with symbolic links followed, also where the last component does not exist yet. */
export function followLinks(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

async function readStdin(): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

export function realPorts(): Ports {
  return {
    env: process.env,
    platform: process.platform,
    homeDir: homedir(),
    cwd: process.cwd(),
    readFile: readFileOrNull,
    run,
    now: () => new Date(),
    stdin: readStdin,
    stdout: (data) => void process.stdout.write(data),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    isInteractive: process.stdin.isTTY === true,
  };
}
