import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/**
 * One file that runs without Node installed: the command and this machine's Node in one (Node's single
 * executable application). A convenience; the packages start faster.
 *
 *   npm run executable     writes packages/cli/dist/executable/tidelock
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const out = `${root}packages/cli/dist/executable`;
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
const POSTJECT = 'postject@1.0.0-alpha.6';
const isMac = process.platform === 'darwin';
const program = `${out}/tidelock${process.platform === 'win32' ? '.exe' : ''}`;

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: out, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} ${args[0]} failed`);
}

mkdirSync(out, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: ['packages/cli/src/main.ts'],
  outfile: `${out}/tidelock.cjs`,
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  format: 'cjs',
  minify: true,
  legalComments: 'none',
  logLevel: 'warning',
  alias: Object.fromEntries(
    readdirSync(`${root}packages`)
      .map((name) => [`@tidelock/${name}`, `${root}packages/${name}/src/index.ts`])
      .filter(([, index]) => existsSync(index)),
  ),
  define: { 'import.meta.url': '__url' },
  banner: { js: "const __url = require('node:url').pathToFileURL(process.execPath).href;" },
});
const sea = { main: 'tidelock.cjs', output: 'tidelock.blob', disableExperimentalSEAWarning: true };
writeFileSync(`${out}/sea.json`, JSON.stringify(sea));
run(process.execPath, ['--experimental-sea-config', 'sea.json']);
copyFileSync(process.execPath, program);
chmodSync(program, 0o755);
if (isMac) run('codesign', ['--remove-signature', program]);
const segment = isMac ? ['--macho-segment-name', 'NODE_SEA'] : [];
const inject = [program, 'NODE_SEA_BLOB', 'tidelock.blob', '--sentinel-fuse', FUSE, ...segment];
run('npx', ['--yes', POSTJECT, ...inject]);
if (isMac) run('codesign', ['--sign', '-', program]);
process.stdout.write(`${program}\n`);
