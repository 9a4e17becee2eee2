import { spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build, transform } from 'esbuild';

/**
 * The hook starts with every commit, so its start is what counts: CommonJS (Node's loader of modules
 * costs 10 ms before the first line), built-ins loaded when first used, and the parts beside the
 * program through a loader that keeps V8's compiled code.
 */
const LOADER = `
const lazy = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });
const parts = new Map();
function part(name) {
  const known = parts.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  parts.set(name, module);
  const { readFileSync, writeFileSync, renameSync } = require('node:fs');
  const { Script } = require('node:vm');
  const file = __dirname + '/lazy/' + name;
  const cache = file + '.' + process.version + '-' + process.arch + '.cache';
  let cachedData;
  try { cachedData = readFileSync(cache); } catch {}
  const source = '(function (exports, require, module, part, lazy, __filename) {' + readFileSync(file, 'utf8') + '\\n})';
  const script = new Script(source, { filename: file, cachedData });
  script.runInThisContext()(module.exports, require, module, part, lazy, file);
  if (cachedData === undefined || script.cachedDataRejected) {
    process.on('exit', () => {
      try {
        const temporary = cache + '.' + process.pid;
        writeFileSync(temporary, script.createCachedData(), { flag: 'wx' });
        renameSync(temporary, cache);
      } catch {}
    });
  }
  return module.exports;
}
`;
const URL_OF_FILE = `const __url = require('node:url').pathToFileURL(__filename).href;`;

export async function bundleHook(shared, { outdir, entry, name }) {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: { [name]: entry },
    outdir,
    write: false,
    minify: false,
    splitting: true,
    chunkNames: 'lazy/[name]-[hash]',
  });
  await rm(join(outdir, 'lazy'), { recursive: true, force: true });
  await mkdir(join(outdir, 'lazy'), { recursive: true });
  await writeFile(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await mkdir(join(outdir, 'library'), { recursive: true });
  await writeFile(join(outdir, 'library/package.json'), '{ "type": "module" }\n');
  for (const { path, text } of outputFiles) {
    const isEntry = dirname(path) === outdir;
    const code = await toCommonJs(text, isEntry);
    await writeFile(path, isEntry ? `#!/usr/bin/env node\n"use strict";${LOADER}${code}` : code);
    if (isEntry) await chmod(path, 0o755);
  }
  await keepCompiledCode(join(outdir, `${name}.js`));
}

async function toCommonJs(text, isEntry) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
  });
  const loaded = code
    .replace(/require\("(?:\.\/)?(?:lazy\/|\.\.?\/)*((?:[\w-]+)-[A-Z0-9]{8}\.js)"\)/g, 'part("$1")')
    .replace(/require\("(node:(?!child_process|fs|path)[\w/]+)"\)/g, 'lazy("$1")');
  return loaded.includes('__url') && !isEntry ? URL_OF_FILE + loaded : loaded;
}

/** One run over a repository, so that the first commit of a user is as fast as the next. */
async function keepCompiledCode(program) {
  const folder = await mkdtemp(join(tmpdir(), 'tidelock-bundle-'));
  const options = {
    cwd: folder,
    stdio: 'ignore',
    env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' },
  };
  try {
    spawnSync('git', ['init', '-q'], options);
    await writeFile(join(folder, 'values.yaml'), 'replicas: 3\nname: example\n');
    await writeFile(join(folder, '.sops.yaml'), 'creation_rules:\n  - path_regex: secrets/\n');
    spawnSync('git', ['add', '-A'], options);
    spawnSync(process.execPath, [program], options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
