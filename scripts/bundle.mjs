import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleHook } from './bundle-hook.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = (name) => `${root}packages/${name}/src/index.ts`;

/** CommonJS dependencies ask for `require`; in a module there is none. Made when first asked for. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'; let __require; const require = (id) => (__require ??= __createRequire(import.meta.url))(id);`;

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  format: 'esm',
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  logLevel: 'warning',
  alias: {
    '@tidelock/core': source('core'),
    '@tidelock/git': source('git'),
    '@tidelock/guard': source('guard'),
    '@tidelock/pre-commit': source('pre-commit'),
    '@tidelock/check': source('check'),
  },
};

/** A program whose rarely needed parts (OpenPGP, KMS clients) stay in files of their own. */
async function program(packageName, name, { isCommand = true } = {}) {
  const outdir = `${root}packages/${packageName}/dist`;
  await rm(`${outdir}/lazy`, { recursive: true, force: true });
  await build({
    ...shared,
    entryPoints: { [name]: `packages/${packageName}/src/main.ts` },
    outdir,
    splitting: true,
    chunkNames: 'lazy/[name]-[hash]',
    banner: { js: isCommand ? `#!/usr/bin/env node\n${REQUIRE}` : REQUIRE },
  });
  if (isCommand) await chmod(`${outdir}/${name}.js`, 0o755);
}

const programs = {
  cli: () => program('cli', 'tidelock'),
  'pre-commit': () =>
    bundleHook(shared, {
      entry: 'packages/pre-commit/src/main.ts',
      outdir: `${root}packages/pre-commit/dist`,
      name: 'tidelock-pre-commit',
    }),
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(programs)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
