import { spawnSync } from 'node:child_process';
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly bytes: Buffer;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string | Uint8Array;
}

export const repositoryRoot = fileURLToPath(new URL('../..', import.meta.url));
export const tidelockProgram = fileURLToPath(
  new URL('../../packages/cli/dist/tidelock.js', import.meta.url),
);
export const hookProgram = fileURLToPath(
  new URL('../../packages/pre-commit/dist/tidelock-pre-commit.js', import.meta.url),
);

export const vector = (name: string): string =>
  fileURLToPath(new URL(`../vectors/${name}`, import.meta.url));

/** An environment in which nothing of the person running the tests is found. */
export function cleanEnv(home: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: home,
    XDG_CONFIG_HOME: `${home}/.config`,
    GNUPGHOME: `${home}/.gnupg`,
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    SOPS_DISABLE_VERSION_CHECK: '1',
    NO_COLOR: '1',
    LANG: 'C.UTF-8',
  };
}

export function run(program: string, args: readonly string[], options: RunOptions = {}): Outcome {
  const result = spawnSync(program, [...args], {
    cwd: options.cwd,
    env: options.env,
    input: options.input ?? '',
    maxBuffer: 1 << 28,
  });
  if (result.error !== undefined) throw result.error;
  return {
    status: result.status ?? 128,
    stdout: result.stdout.toString('utf8'),
    stderr: result.stderr.toString('utf8'),
    bytes: result.stdout,
  };
}

export function tidelock(args: readonly string[], options: RunOptions = {}): Outcome {
  return run(process.execPath, [tidelockProgram, ...args], options);
}

export function isInstalled(program: string): boolean {
  const probe = process.platform === 'win32' ? 'where' : 'which';
  return spawnSync(probe, [program], { stdio: 'ignore' }).status === 0;
}

/**
 * Whether tests against a real program can run. In CI a missing one is an error; elsewhere it is said
 * once and the tests that need it are skipped.
 */
export function peer(program: string): boolean {
  if (isInstalled(program)) return true;
  if (process.env.CI === 'true')
    throw new Error(`${program} is not on PATH: ${process.env.PATH?.split(delimiter).join(' ')}`);
  process.stderr.write(
    `skipped: ${program} is not installed (node scripts/peers.mjs installs it)\n`,
  );
  return false;
}
