#!/usr/bin/env node
/**
 * Entry for the pre-commit framework, which runs hooks from a clone of this repository: builds the
 * program once in that clone, then runs it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const program = new URL('./dist/tidelock-pre-commit.js', import.meta.url);
const FAILED = 3;

if (!existsSync(program)) build();
await import(program.href);

function build() {
  const lock = `${root}.building`;
  try {
    mkdirSync(lock);
  } catch {
    stop(`another run is building it; if none is, remove ${lock} and commit again`);
  }
  try {
    process.stderr.write('tidelock: building the hook, once\n');
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    run(process.execPath, ['scripts/bundle.mjs', 'pre-commit']);
  } finally {
    rmdirSync(lock);
  }
}

function run(command, args) {
  const { status, stderr, error } = spawnSync(command, args, {
    cwd: root,
    env: outsideOfTheCommit(),
    stdio: ['ignore', 'ignore', 'pipe'],
    shell: process.platform === 'win32',
    encoding: 'utf8',
  });
  if (status === 0) return;
  throw new Error(`${command} ${args[0]} failed: ${error?.message ?? stderr.trim()}`);
}

/** Git tells its hooks which repository they run for; building happens in another. */
function outsideOfTheCommit() {
  const names = Object.keys(process.env).filter((name) => !name.startsWith('GIT_'));
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

function stop(message) {
  process.stderr.write(`tidelock: ${message}\n`);
  process.exit(FAILED);
}
