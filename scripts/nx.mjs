import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Runs nx with its cache inside this checkout: by default nx keeps it in the home folder and replays
 * results of another clone without running anything.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const args = process.argv.slice(2);
if (process.env.CI === 'true') args.push('--skip-nx-cache');
const { status } = spawnSync(
  process.execPath,
  [fileURLToPath(new URL('../node_modules/nx/dist/bin/nx.js', import.meta.url)), ...args],
  {
    cwd: root,
    stdio: 'inherit',
    env: {
      ...process.env,
      NX_CACHE_DIRECTORY: `${root}.nx/cache`,
      NX_WORKSPACE_DATA_DIRECTORY: `${root}.nx/workspace-data`,
      NX_DAEMON: 'false',
      NX_NO_CLOUD: 'true',
      NX_TUI: 'false',
    },
  },
);
process.exitCode = status ?? 1;
