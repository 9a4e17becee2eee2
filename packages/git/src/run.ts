import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { GitError, gitFailure } from './errors.ts';
import { type Env, findGit, findWorkTree, pathOutside } from './find-git.ts';
import { gitEnvironment, HARDENING, pathOf } from './git-environment.ts';
import { type NowOptions, outputNow } from './output-now.ts';

export interface RunOptions {
  readonly input?: Uint8Array | string;
  /** Milliseconds after which the process is killed; default 120,000. */
  readonly timeoutMs?: number;
  /** Bytes of standard output beyond which the process is killed; default 1 GiB. */
  readonly maxOutput?: number;
  /** Exit codes that are an answer and not a failure; default only 0. */
  readonly answers?: readonly number[];
  /** Added to the environment: GIT_INDEX_FILE of a temporary index, author and committer. */
  readonly env?: Env;
}

export interface GitResult {
  readonly status: number;
  readonly stdout: Buffer;
}

/** Runs Git in one folder, hardened (see git-environment.ts), never through a shell. */
export interface Git {
  readonly cwd: string;
  /** The top of the work tree, null outside of one. */
  readonly workTree: string | null;
  readonly env: Env;
  /** @throws GitError ERR_GIT_FAILED, ERR_GIT_TIMEOUT, ERR_GIT_OUTPUT */
  run(args: readonly string[], options?: RunOptions): Promise<GitResult>;
  /** Standard output in pieces, as they come; the same errors. */
  stream(args: readonly string[], options?: RunOptions): AsyncGenerator<Buffer>;
  /**
   * Standard output of a short process that ended with 0; null for anything else: `run` tells why.
   * Blocks.
   */
  outputNow(
    args: readonly string[],
    options?: Pick<NowOptions, 'input'> & { readonly maxOutput?: number },
  ): Buffer | null;
  /** A process that the caller feeds and ends. */
  start(args: readonly string[], env?: Env): ChildProcessWithoutNullStreams;
}

const DEFAULT_TIMEOUT_MS = 120_000;
const DEFAULT_MAX_OUTPUT = 2 ** 30;
const MAX_STDERR = 64 * 1024;

/** @throws GitError ERR_GIT_NOT_FOUND */
export function createGit(cwd: string, env: Env): Git {
  const workTree = findWorkTree(cwd, env);
  const path = pathOutside(pathOf(env), workTree);
  const program = findGit(path);
  const hardened = gitEnvironment(env, path);
  const start = (args: readonly string[], extra: Env = {}) =>
    spawn(program, [...HARDENING, ...args], {
      cwd,
      env: { ...hardened, ...extra },
      shell: false,
      windowsHide: true,
      stdio: 'pipe',
    });
  const git: Git = {
    cwd,
    workTree,
    env,
    start,
    outputNow: (args, options = {}) =>
      outputNow(program, [...HARDENING, ...args], {
        cwd,
        env: hardened,
        maxOutput: DEFAULT_MAX_OUTPUT,
        timeoutMs: DEFAULT_TIMEOUT_MS,
        ...options,
      }),
    async run(args, options = {}) {
      const chunks: Buffer[] = [];
      let size = 0;
      const process = watch(start(args, options.env), args, options);
      process.child.stdout.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > (options.maxOutput ?? DEFAULT_MAX_OUTPUT)) process.fail(tooMuch(args));
        else chunks.push(chunk);
      });
      const status = await process.ended;
      return {
        status,
        stdout: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
      };
    },
    async *stream(args, options = {}) {
      const process = watch(start(args, options.env), args, options);
      process.ended.catch(() => undefined);
      try {
        for await (const chunk of process.child.stdout) {
          process.pause();
          yield chunk as Buffer;
          process.resume();
        }
        await process.ended;
      } finally {
        process.child.kill('SIGKILL');
      }
    },
  };
  return git;
}

interface Watched {
  readonly child: ChildProcessWithoutNullStreams;
  /** The exit code, when it is one of the expected. */
  readonly ended: Promise<number>;
  fail(error: GitError): void;
  /** Stops the clock while the reader of the output is busy; `resume` starts it anew. */
  pause(): void;
  resume(): void;
}

function watch(
  child: ChildProcessWithoutNullStreams,
  args: readonly string[],
  options: RunOptions,
): Watched {
  let failure: GitError | null = null;
  const fail = (error: GitError) => {
    failure ??= error;
    child.kill('SIGKILL');
    // A grandchild may hold the pipes open; nobody waits for it.
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const stderr = collectStderr(child);
  const limit = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const clock = () => setTimeout(() => fail(timedOut(args, limit)), limit);
  let timer = clock();
  let isOver = false;
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const ended = new Promise<number>((resolve, reject) => {
    child.on('error', (cause) => {
      isOver = true;
      clearTimeout(timer);
      reject(new GitError('ERR_GIT_FAILED', `git ${nameOf(args)} could not be started`, { cause }));
    });
    child.on('close', (code) => {
      isOver = true;
      clearTimeout(timer);
      const status = code ?? 128;
      if (failure !== null) reject(failure);
      else if ((options.answers ?? [0]).includes(status)) resolve(status);
      else reject(gitFailure(`git ${nameOf(args)} ended with ${status}`, stderr()));
    });
  });
  const pause = () => clearTimeout(timer);
  const resume = () => {
    clearTimeout(timer);
    if (!isOver) timer = clock();
  };
  return { child, ended, fail, pause, resume };
}

/** Keeps the beginning of standard error and drains the rest. */
export function collectStderr(child: ChildProcessWithoutNullStreams): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    if (size < MAX_STDERR) chunks.push(chunk);
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

/** The subcommand, behind what is set for it alone. */
function nameOf(args: readonly string[]): string {
  return args.find((arg) => !arg.startsWith('-')) ?? '';
}

function timedOut(args: readonly string[], limit: number): GitError {
  return new GitError('ERR_GIT_TIMEOUT', `git ${nameOf(args)} gave no result within ${limit} ms`);
}

function tooMuch(args: readonly string[]): GitError {
  return new GitError('ERR_GIT_OUTPUT', `git ${nameOf(args)} wrote more than was expected`);
}
