import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { exampleRepository } from './example-repository.mjs';

/**
 * `node scripts/trace-start.mjs [hook|decrypt|check|scan ...]`: every built-in, file and part that a
 * run loads, and every process it talks to, in order, with the milliseconds since the process began and those of its own. The fastest
 * of several runs is shown. What takes 0.05 ms or less is summed up.
 */
const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const PROBE = at('trace-probe.cjs');
const COMMAND = at('../packages/cli/dist/tidelock.js');
const RUNS = {
  hook: [at('../packages/pre-commit/dist/tidelock-pre-commit.js')],
  decrypt: [COMMAND, 'decrypt', 'secrets.yaml'],
  check: [COMMAND, 'check'],
  scan: [COMMAND, 'scan', '--staged'],
};
const ROUNDS = 9;
const SHORTEST = 0.05;

const wanted = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'tidelock-trace-'));
try {
  const env = exampleRepository(folder, COMMAND);
  for (const [name, args] of Object.entries(RUNS)) {
    if (wanted.length === 0 || wanted.includes(name)) print(name, fastest(args, env));
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function fastest(args, env) {
  const file = join(folder, '.git/trace.json');
  const reports = Array.from({ length: ROUNDS }, () => {
    spawnSync(process.execPath, ['--require', PROBE, ...args], {
      cwd: folder,
      env: { ...env, TRACE_TO: file },
      stdio: 'ignore',
    });
    return JSON.parse(readFileSync(file, 'utf8'));
  });
  return reports.reduce((best, one) => (one.end < best.end ? one : best));
}

function print(name, { bootstrapComplete, end, entries }) {
  const row = (time, self, text) =>
    process.stdout.write(`${time.toFixed(1).padStart(7)} ${self.padStart(6)}  ${text}\n`);
  process.stdout.write(`${name}\n  since   self\n`);
  row(bootstrapComplete, '', 'Node itself');
  const [long, short] = [[], []];
  for (const entry of entries)
    (entry.self === null || entry.self > SHORTEST ? long : short).push(entry);
  for (const entry of long)
    row(entry.at, entry.self === null ? '' : entry.self.toFixed(2), `${entry.kind} ${entry.name}`);
  const rest = short.reduce((sum, { self }) => sum + self, 0);
  row(end, rest.toFixed(2), `${short.length} shorter ones; exit`);
  process.stdout.write('\n');
}
