import { spawn } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { storeFor } from '@tidelock/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cleanEnv, hookProgram, run, vector } from '../support/program.ts';

const KILLS = 100;
const SECRET = `hunter2-${'correct-horse'}`;
const NAMES = ['a.yaml', 'b.json', 'c.env', 'd.txt'];
const CONTENTS = [
  `password: ${SECRET}\n`,
  `{"password": "${SECRET}"}\n`,
  `PASSWORD=${SECRET}\n`,
  `${SECRET}\n`,
];
const FORMATS = ['yaml', 'json', 'dotenv', 'binary'] as const;

let folder = '';
let env: Record<string, string> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'tidelock-kill-'));
  env = cleanEnv(folder);
  const base = join(folder, 'base');
  mkdirSync(join(base, 'secrets'), { recursive: true });
  const recipient = /age1[a-z0-9]+/.exec(readFileSync(vector('age-key1.txt'), 'utf8'))?.[0];
  writeFileSync(
    join(base, '.sops.yaml'),
    `creation_rules:\n  - path_regex: ^secrets/\n    age: ${recipient}\n`,
  );
  for (const [i, name] of NAMES.entries()) {
    writeFileSync(join(base, 'secrets', name), CONTENTS[i] ?? '');
  }
  git(base, 'init', '-q', '-b', 'main');
  git(base, 'add', '-A');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = run('git', args, { cwd, env });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Runs the hook in a process group of its own and kills all of it, git included. */
function runKilled(cwd: string, afterMs: number | null): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [hookProgram, '--fix'], {
      cwd,
      env,
      detached: true,
      stdio: 'ignore',
    });
    const timer =
      afterMs === null
        ? null
        : setTimeout(() => process.kill(-(child.pid ?? 0), 'SIGKILL'), afterMs);
    child.on('close', () => {
      if (timer !== null) clearTimeout(timer);
      resolve();
    });
  });
}

/** The plaintext as it was, or a whole encrypted file. */
function stateOf(text: string, i: number): 'plain' | 'encrypted' {
  if (text === CONTENTS[i]) return 'plain';
  expect(text).not.toContain(SECRET);
  const document = storeFor(FORMATS[i] ?? 'yaml').parse(Buffer.from(text));
  expect(document.block).not.toBeNull();
  return 'encrypted';
}

test(`${KILLS} kills at random moments leave index and work tree whole`, async () => {
  const whole = join(folder, 'whole');
  cpSync(join(folder, 'base'), whole, { recursive: true });
  const started = performance.now();
  await runKilled(whole, null);
  const duration = performance.now() - started;
  const seen = new Set<string>();
  for (let kill = 0; kill < KILLS; kill++) {
    const root = join(folder, `r${kill}`);
    cpSync(join(folder, 'base'), root, { recursive: true });
    // Most of the time passes before anything is written: the end is looked at more closely.
    await runKilled(root, duration * (kill % 4 === 0 ? Math.random() : 0.4 + Math.random() * 0.7));
    rmSync(join(root, '.git/index.lock'), { force: true });
    expect(git(root, 'ls-files').trim().split('\n').length).toBe(NAMES.length + 1);
    const staged = NAMES.map((name, i) => stateOf(git(root, 'show', `:0:secrets/${name}`), i));
    expect(new Set(staged).size).toBe(1);
    const files = NAMES.map((name, i) =>
      stateOf(readFileSync(join(root, 'secrets', name), 'utf8'), i),
    );
    if (staged[0] === 'plain') expect(files).not.toContain('encrypted');
    for (const name of readdirSync(join(root, 'secrets')).filter((n) => !NAMES.includes(n))) {
      expect(readFileSync(join(root, 'secrets', name), 'utf8')).not.toContain(SECRET);
    }
    seen.add(`${staged[0]} ${new Set(files).size === 1 ? files[0] : 'some'}`);
    rmSync(root, { recursive: true, force: true });
  }
  expect(seen.has('plain plain')).toBe(true);
  process.stderr.write(`states seen: ${[...seen].join(', ')}\n`);
}, 240_000);
