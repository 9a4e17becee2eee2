import { availableParallelism } from 'node:os';
import { cancelOnInterrupt } from './interrupt.ts';
import type { UpdateCounts } from './updating-files.ts';
import type { UpdateContext } from './updating-keys.ts';

/** Fewer files are done before another process has started. */
const FEWEST_TO_SHARE = 200;
const MOST_PROCESSES = 8;
/** An argument list may hold 128 KiB and more on every system. */
const LONGEST_ARGUMENTS = 100_000;
const SHARE_VARIABLE = 'TIDELOCK_SHARE';
const PASSED_ON = ['input-type', 'output-type', 'in-place', 'indent', 'enable-local-keyservice'];

/** Whether this process does a share of another one's work. */
export function isShare(env: Readonly<Record<string, string | undefined>>): boolean {
  return env[SHARE_VARIABLE] === '1' && process.send !== undefined;
}

/** The files in as many shares as there are processors, when they are many; the first is our own. */
export function shares(paths: readonly string[]): readonly (readonly string[])[] {
  const count = Math.min(availableParallelism(), MOST_PROCESSES);
  const size = Math.ceil(paths.length / count);
  const length = paths.reduce((sum, path) => sum + Buffer.byteLength(path) + 1, 0);
  if (count < 2 || paths.length < FEWEST_TO_SHARE || length / count > LONGEST_ARGUMENTS)
    return [paths];
  return Array.from({ length: count }, (_, i) => paths.slice(i * size, (i + 1) * size));
}

export function reportShare(counts: UpdateCounts): void {
  process.send?.(counts);
  process.disconnect?.();
}

/** What Node is to run: nothing where the program is one file with Node in it. */
function thisProgram(): readonly string[] {
  const isOneFile = process.getBuiltinModule('node:sea')?.isSea() ?? false;
  return isOneFile ? [] : [...process.execArgv, process.argv[1] ?? ''];
}

/**
 * Has another process of this program update a share, with so many calls of key services at once. One
 * that ends without a word counts as failed. Ctrl-C reaches it too.
 */
export function updateElsewhere(
  paths: readonly string[],
  { ports, flags, found, concurrency }: UpdateContext,
): Promise<UpdateCounts> {
  const { spawn } = process.getBuiltinModule('node:child_process');
  const passed = PASSED_ON.flatMap((name) => {
    const value = flags.text(name);
    return value === undefined ? [] : [`--${name}=${value}`];
  });
  return new Promise((resolve) => {
    const cancel = cancelOnInterrupt();
    let told: UpdateCounts | null = null;
    const ended = () => resolve(told ?? unfinished(paths.length, cancel.aborted));
    const child = spawn(
      process.execPath,
      [
        ...thisProgram(),
        'updatekeys',
        '--yes',
        `--config=${found.path}`,
        `--concurrency=${concurrency}`,
        ...passed,
        '--',
        ...paths,
      ],
      {
        cwd: ports.cwd,
        env: { ...ports.env, [SHARE_VARIABLE]: '1' },
        stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      },
    );
    cancel.addEventListener('abort', () => child.kill('SIGINT'), { once: true });
    child.on('message', (message: UpdateCounts) => {
      told = message;
    });
    child.on('error', ended);
    child.on('close', ended);
  });
}

function unfinished(files: number, isInterrupted: boolean): UpdateCounts {
  const none = { failures: 0, drifted: 0, untouched: 0 };
  return isInterrupted ? { ...none, untouched: files } : { ...none, failures: files };
}
