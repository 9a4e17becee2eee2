import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Bundling the same sources twice gives the same bytes, so that a published bundle can be checked; and
 * the bundle of the action, which GitHub runs from the repository, is what its sources make.
 */
const cwd = fileURLToPath(new URL('..', import.meta.url));
const PROGRAMS = [
  ['cli', 'tidelock.js'],
  ['pre-commit', 'tidelock-pre-commit.js'],
  ['action', 'index.js'],
];

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBelow(path) : [path];
  });
}

/** V8's compiled code is of this machine alone. */
const isCode = (path) => !path.endsWith('.cache');

function digest() {
  const hash = createHash('sha256');
  for (const [name, program] of PROGRAMS) {
    const dist = join(cwd, 'packages', name, 'dist');
    for (const path of [
      join(dist, program),
      ...filesBelow(join(dist, 'lazy')).filter(isCode),
    ].sort()) {
      hash.update(path.slice(cwd.length)).update(readFileSync(path));
    }
  }
  return hash.digest('hex');
}

const COMMITTED = 'packages/action/dist/index.js';
const committed = readFileSync(join(cwd, COMMITTED));

const digests = [1, 2].map(() => {
  const { status } = spawnSync(process.execPath, ['scripts/bundle.mjs'], { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  return digest();
});
if (digests[0] === digests[1]) process.stdout.write(`bundles ${digests[0]}\n`);
else {
  process.stderr.write('Two builds of the same sources differ.\n');
  process.exitCode = 1;
}
if (!committed.equals(readFileSync(join(cwd, COMMITTED)))) {
  process.stderr.write(`${COMMITTED} is not what its sources make: commit it again.\n`);
  process.exitCode = 1;
}
