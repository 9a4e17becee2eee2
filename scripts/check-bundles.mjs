import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The committed bundles must be what the sources build to. */
const cwd = fileURLToPath(new URL('..', import.meta.url));
const COMMITTED = ['packages/action/dist/index.js'];

const build = spawnSync(process.execPath, ['scripts/bundle.mjs'], { cwd, stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);
const diff = spawnSync('git', ['diff', '--exit-code', '--stat', '--', ...COMMITTED], {
  cwd,
  stdio: 'inherit',
});
if (diff.status !== 0) {
  process.stderr.write(
    'A committed bundle differs from its sources: npm run bundle, then commit it.\n',
  );
  process.exitCode = 1;
}
