import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';

/** A program that is talked with in turns. */
export interface PluginProcess {
  /** Standard output; ends when the program does. */
  readonly output: AsyncIterable<Uint8Array>;
  write(text: string): void;
  /** Closes its standard input, and ends it when that does not. */
  close(): void;
}

/** What running age plugins needs of the machine. */
export interface PluginHost {
  /** The path with all links resolved, of an executable regular file; null when it is not one. */
  resolveExecutable(path: string): Promise<string | null>;
  /** Starts a program by argument array, never through a shell. Its errors end `output`. */
  start(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string | undefined>>,
  ): PluginProcess;
}

const GRACE_MS = 2000;

/** The machine tidelock runs on. */
export function nodePluginHost(): PluginHost {
  return { resolveExecutable, start };
}

async function resolveExecutable(path: string): Promise<string | null> {
  try {
    const target = await realpath(path);
    if (!(await stat(target)).isFile()) return null;
    await access(target, constants.X_OK);
    return target;
  } catch {
    return null;
  }
}

function start(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PluginProcess {
  // Loaded when a plugin is started: the module costs milliseconds that most runs need not spend.
  const { spawn } = process.getBuiltinModule('node:child_process');
  const child = spawn(program, args, {
    env,
    stdio: ['pipe', 'pipe', 'ignore'],
    shell: false,
    windowsHide: true,
  });
  child.on('error', () => child.stdout.destroy());
  child.stdin.on('error', () => undefined);
  return {
    output: child.stdout,
    write: (text) => {
      child.stdin.write(text);
    },
    close: () => {
      child.stdin.end();
      child.stdout.destroy();
      const timer = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      child.on('close', () => clearTimeout(timer));
    },
  };
}
