import { existsSync, readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleProgram } from './bundle-program.mjs';
import { bundledPackages } from './bundled-packages.mjs';
import { commandRuns, decryptRun, hookRun } from './first-runs.mjs';
import { noticesOf } from './notices.mjs';
import { sbomOf } from './sbom.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

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
  alias: Object.fromEntries(
    readdirSync(`${root}packages`)
      .map((name) => [`@tidelock/${name}`, `${root}packages/${name}/src/index.ts`])
      .filter(([, index]) => existsSync(index)),
  ),
};

/** A program of the package that starts fast; `run` gives its path to whoever runs it first. */
async function fastProgram(packageName, name, { run, ...options }) {
  const outdir = `${root}packages/${packageName}/dist`;
  const entry = `packages/${packageName}/src/main.ts`;
  const metafile = await bundleProgram(shared, { entry, outdir, name, ...options });
  await writeContents(metafile, { folder: `packages/${packageName}`, outdir });
  await run?.(`${outdir}/${name}.js`);
}

/** What a program was made of: licences for its users, a bill of materials for their scanners. */
async function writeContents(metafile, { folder, outdir }) {
  const packages = bundledPackages([metafile], root);
  const manifest = JSON.parse(await readFile(`${root}${folder}/package.json`, 'utf8'));
  await writeFile(`${outdir}/THIRD-PARTY-NOTICES.txt`, noticesOf(packages));
  const sbom = JSON.stringify(sbomOf(packages, manifest), null, 2);
  await writeFile(`${outdir}/sbom.cdx.json`, `${sbom}\n`);
}

/** CommonJS dependencies ask for `require`; in a module there is none. */
const REQUIRE = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);`;

/** One file, as GitHub runs it from the repository: what is seldom needed is run when it is. */
async function oneFile(packageName, name) {
  const { metafile } = await build({
    ...shared,
    format: 'esm',
    entryPoints: [`packages/${packageName}/src/main.ts`],
    outfile: `${root}packages/${packageName}/dist/${name}.js`,
    banner: { js: REQUIRE },
    metafile: true,
  });
  await writeContents(metafile, {
    folder: `packages/${packageName}`,
    outdir: `${root}packages/${packageName}/dist`,
  });
}

/** By the package that holds them. A new program is a line here. */
const programs = {
  cli: () =>
    fastProgram('cli', 'tidelock', {
      modes: ['encrypt', 'decrypt', 'set', 'updatekeys', 'rotate', 'edit', 'scan', 'check'],
      typicalRun: decryptRun,
      run: commandRuns,
    }),
  'pre-commit': () =>
    fastProgram('pre-commit', 'tidelock-pre-commit', {
      together: {
        judge: ['packages/pre-commit/src/judge.ts', 'packages/pre-commit/src/creation-rules.ts'],
      },
      typicalRun: hookRun,
      run: hookRun,
    }),
  'rotation-bot': () => fastProgram('rotation-bot', 'tidelock-rotate', {}),
  action: () => oneFile('action', 'index'),
};

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(programs)) {
  if (wanted.length === 0 || wanted.includes(name)) await run();
}
