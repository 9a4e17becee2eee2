import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';
import type { BotPorts } from '../../src/ports.ts';
import { now } from './tree.ts';

/** A repository of its own on disk, gone after the test. */
export interface TestRepository {
  readonly folder: string;
  write(path: string, content: string | Uint8Array): void;
  read(path: string): string;
  git(...args: readonly string[]): string;
  /** Commits everything as of that time. */
  commit(time?: Date): string;
}

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function makeRepository(): TestRepository {
  const folder = mkdtempSync(join(tmpdir(), 'tidelock-rotate-'));
  folders.push(folder);
  const git = (args: readonly string[], time = now) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        GIT_CONFIG_GLOBAL: '/dev/null',
        GIT_COMMITTER_DATE: time.toISOString(),
        GIT_AUTHOR_DATE: time.toISOString(),
      },
    }).trim();
  git(['init', '--quiet', '--initial-branch=main']);
  return {
    folder,
    write(path, content) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    },
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    git: (...args) => git(args),
    commit(time) {
      git(['add', '--all'], time);
      git(['commit', '--quiet', '--allow-empty', '--message=a change'], time);
      return git(['rev-parse', 'HEAD']);
    },
  };
}

export interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** Ports that write to memory. */
export function testPorts(
  folder: string,
  env: Readonly<Record<string, string>> = {},
): { readonly ports: BotPorts; readonly said: () => Said } {
  let [stdout, stderr] = ['', ''];
  const ports: BotPorts = {
    env: { PATH: process.env.PATH, ...env },
    platform: process.platform,
    homeDir: homedir(),
    cwd: folder,
    readFile: async () => null,
    run: () => Promise.reject(new Error('nothing is run here')),
    now: () => now,
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  };
  return { ports, said: () => ({ stdout, stderr }) };
}
