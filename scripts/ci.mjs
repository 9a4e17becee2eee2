import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Every check of the repository, one after the other; a failed one does not hide the next. */
const root = fileURLToPath(new URL('..', import.meta.url));
const STEPS = [
  ['install', 'npm ci --no-audit --no-fund'],
  ['peers', 'node scripts/peers.mjs'],
  ['test', 'npm test'],
  ['interop', 'npm run test:interop'],
  ['lint', 'npm run lint'],
  ['format', 'npm run format:check'],
  ['types', 'npm run typecheck'],
  ['dead code', 'npm run dead-code'],
  ['bundles', 'node scripts/check-bundles.mjs'],
  ['packages', 'node scripts/check-packages.mjs'],
  ['reference', 'node scripts/reference.mjs --check'],
  ['main job', 'npm start'],
  ['new user', 'npm run new-user'],
];

let passed = 0;
let failed = 0;
const times = [];

for (const [name, command] of STEPS) {
  const env = { ...process.env, CI: 'true', FORCE_COLOR: '0', NO_COLOR: '1' };
  if (name !== 'install' && name !== 'peers') {
    const { peerPath } = await import('./peers.mjs');
    env.PATH = peerPath(env);
  }
  process.stdout.write(`\n=== ${name}: ${command}\n`);
  const started = Date.now();
  const { status, output } = await run(command, env);
  times.push(`${name} ${Math.round((Date.now() - started) / 1000)} s`);
  const tests = countTests(output);
  passed += tests.passed;
  failed += tests.failed;
  if (status === 0) passed++;
  else {
    failed++;
    process.stdout.write(`=== ${name} FAILED (exit ${status})\n`);
    if (name === 'install') break;
  }
}

process.stdout.write(`\n${times.join(', ')}\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function run(command, env) {
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: root,
      env,
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        process.stdout.write(chunk);
        output += chunk;
      });
    }
    child.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Sums vitest's closing lines: `Tests  3 failed | 120 passed (123)`. */
function countTests(output) {
  const counts = { passed: 0, failed: 0 };
  for (const line of output.split('\n')) {
    if (!/^\s*(?:\S+:\s*)?Tests\s/.test(line.replace(/^.*?(?=Tests\s)/, ''))) continue;
    counts.passed += Number(/(\d+) passed/.exec(line)?.[1] ?? 0);
    counts.failed += Number(/(\d+) failed/.exec(line)?.[1] ?? 0);
  }
  return counts;
}
