import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type HookedRepository,
  hookedRepository,
  manifest,
  RULES,
  SECRET,
} from '../support/hooked-repository.ts';
import { hookProgram } from '../support/program.ts';

const FILES = 30;

/** Plaintext is staged in many files, so that Git is at work for a while. */
function staged(): HookedRepository {
  const repository = hookedRepository();
  repository.write('.sops.yaml', RULES);
  repository.commitUnseen();
  for (let i = 0; i < FILES; i++) {
    repository.write(`secrets/${i}.yaml`, `${manifest()}${`# ${i}\n`.repeat(500)}`);
  }
  repository.ask('add', '-A');
  return repository;
}

/** A `git` that runs the script for one subcommand, and the real one for all others. */
function gitInstead(repository: HookedRepository, subcommand: string, script: string): void {
  const real = repository.run('/bin/sh', ['-c', 'command -v git']).stdout.trim();
  const bin = join(repository.home, `bin-${subcommand}-${script.length}`);
  mkdirSync(bin);
  const text = `#!/bin/sh\nreal='${real}'\ncase " $* " in *" ${subcommand} "*) ${script};; esac\nexec "$real" "$@"\n`;
  writeFileSync(join(bin, 'git'), text, { mode: 0o755 });
  repository.env.PATH = `${bin}:${repository.env.PATH}`;
}

test.each(['cat-file', 'diff-index', 'rev-parse', 'hash-object', 'ls-files', 'update-index'])(
  'git %s is killed: nothing is shown, nothing is changed, and it is no pass',
  (subcommand) => {
    const repository = staged();
    const index = repository.ask('ls-files', '--stage');
    gitInstead(repository, subcommand, 'kill -9 $$');
    const { status, stderr } = repository.hook(['--fix']);
    expect(status).toBe(3);
    expect(stderr).toMatch(/^tidelock: the examination failed: git /);
    expect(stderr).not.toMatch(/^\s+at /m);
    repository.env.PATH = process.env.PATH ?? '';
    expect(repository.ask('ls-files', '--stage')).toBe(index);
    expect(repository.read('secrets/0.yaml')).toContain(SECRET);
  },
);

test('contents that come in the wrong form, or end too early, are not quoted', () => {
  for (const script of [
    `echo '${SECRET} is no answer'; cat >/dev/null; exit 0`,
    `printf '%040d blob 900\\n${SECRET}' 1; exit 0`,
  ]) {
    const repository = staged();
    gitInstead(repository, 'cat-file', script);
    expect(repository.hook().status).toBe(3);
  }
});

test('standard error that is closed, full, or read by nobody takes nothing from the answer', () => {
  const repository = staged();
  const env = { HOOK: hookProgram, NODE: process.execPath };
  const shell = (script: string) => repository.run('/bin/bash', ['-c', script], { env });
  for (const script of [
    '"$NODE" "$HOOK" 2>&-',
    '"$NODE" "$HOOK" <&- >&- 2>&-',
    '"$NODE" "$HOOK" 2>/dev/full',
    'set -o pipefail; "$NODE" "$HOOK" 2>&1 | true',
  ]) {
    const { status, stdout, stderr } = shell(script);
    expect({ script, status }).toEqual({ script, status: 1 });
    expect(stdout + stderr).not.toContain(SECRET);
    expect(stdout + stderr).not.toMatch(/^\s+at /m);
  }
});

test('no argument of a process, no environment and no temporary file holds a secret meanwhile', async () => {
  const repository = staged();
  const temporary = repository.env.TMPDIR ?? '';
  const child = spawn(process.execPath, [hookProgram, '--fix'], {
    cwd: repository.folder,
    env: repository.env,
    stdio: 'ignore',
  });
  let looks = 0;
  const shown = new Set<string>();
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const isOver = { yet: false };
  ended.then(() => {
    isOver.yet = true;
  });
  while (!isOver.yet) {
    looks++;
    for (const file of processFiles()) if (holds(file)) shown.add(file);
    for (const name of readdirSync(temporary)) {
      if (holds(join(temporary, name))) shown.add(name);
    }
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(await ended).toBe(0);
  expect(looks).toBeGreaterThan(10);
  expect([...shown]).toEqual([]);
  for (const name of readdirSync(repository.path('secrets')))
    expect(repository.read(`secrets/${name}`)).not.toContain(SECRET);
});

/** Where Linux shows what every process was started with; elsewhere none. */
function processFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => [`/proc/${name}/cmdline`, `/proc/${name}/environ`]);
}

function holds(file: string): boolean {
  try {
    return readFileSync(file).includes(SECRET);
  } catch {
    return false;
  }
}
