import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import { cleanEnv, type Outcome, run, tidelock, vector } from './program.ts';

/** A temporary folder with a home of its own, gone after the test. */
export interface Workspace {
  readonly folder: string;
  readonly home: string;
  readonly env: Record<string, string>;
  path(name: string): string;
  write(name: string, content: string | Uint8Array): string;
  read(name: string): string;
  bytes(name: string): Buffer;
  copyVector(name: string, as?: string): string;
  tidelock(
    args: readonly string[],
    options?: { input?: string | Uint8Array; env?: Record<string, string>; cwd?: string },
  ): Outcome;
  run(
    program: string,
    args: readonly string[],
    options?: { input?: string | Uint8Array; env?: Record<string, string>; cwd?: string },
  ): Outcome;
  git(...args: string[]): Outcome;
}

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export { RECIPIENT_1, RECIPIENT_2 } from './recipients.ts';

export function makeWorkspace(): Workspace {
  const root = mkdtempSync(join(tmpdir(), 'tidelock-test-'));
  folders.push(root);
  const folder = join(root, 'work');
  const home = join(root, 'home');
  mkdirSync(folder);
  mkdirSync(home);
  const env = {
    ...cleanEnv(home),
    TMPDIR: join(root, 'tmp'),
    SOPS_AGE_KEY_FILE: vector('age-key1.txt'),
  };
  mkdirSync(env.TMPDIR);
  const path = (name: string) => join(folder, name);
  const workspace: Workspace = {
    folder,
    home,
    env,
    path,
    write(name, content) {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), content);
      return path(name);
    },
    read: (name) => readFileSync(path(name), 'utf8'),
    bytes: (name) => readFileSync(path(name)),
    copyVector(name, as = name) {
      mkdirSync(dirname(path(as)), { recursive: true });
      copyFileSync(vector(name), path(as));
      return path(as);
    },
    tidelock: (args, options = {}) =>
      tidelock(args, { cwd: folder, ...options, env: { ...env, ...options.env } }),
    run: (program, args, options = {}) =>
      run(program, args, { cwd: folder, ...options, env: { ...env, ...options.env } }),
    git: (...args) => run('git', args, { cwd: folder, env }),
  };
  return workspace;
}
