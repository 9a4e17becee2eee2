import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { directImports } from './direct-imports.mjs';

/**
 * The hook starts with every commit, so its start is what counts: CommonJS (Node's loader of modules
 * costs 10 ms before the first line), built-ins loaded when first used, and the parts beside the
 * program through a loader that keeps V8's compiled code beside them. V8 refuses code of another
 * version or of other flags; whoever could put wrong code there could change the program itself.
 */
const LOADER = `
const lazy = (name) => new Proxy({}, { get: (_, key) => require(name)[key] });
const files = new Map();
const parts = new Map();
function open(name) {
  const known = files.get(name);
  if (known !== undefined) return known;
  const { readFileSync, writeFileSync, renameSync } = require('node:fs');
  const { Script } = require('node:vm');
  const filename = __dirname + '/lazy/' + name;
  const cache = filename + '.' + process.version + '-' + process.arch + '.cache';
  let cachedData;
  try { cachedData = readFileSync(cache); } catch {}
  const script = new Script(readFileSync(filename, 'latin1'), { filename, cachedData });
  const functions = script.runInThisContext();
  files.set(name, functions);
  const isPlain = process.execArgv.length === 0 && !process.env.NODE_OPTIONS;
  if (isPlain && (cachedData === undefined || script.cachedDataRejected)) {
    process.on('exit', () => {
      try {
        const temporary = cache + '.' + process.pid;
        writeFileSync(temporary, script.createCachedData(), { flag: 'wx' });
        renameSync(temporary, cache);
      } catch {}
    });
  }
  return functions;
}
function part(name) {
  const known = parts.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  parts.set(name, module);
  open(FILES[name])[name](module.exports, require, module, part, lazy, __filename);
  return module.exports;
}
`;
const URL_OF_FILE = `const __url = require('node:url').pathToFileURL(__filename).href;`;

/** Parts that every commit needs share a file: with what starts Git, and with what judges. */
const TOGETHER = {
  'start.js': /^tidelock-pre-commit\.js$/,
  'judge.js': /^(?:judge|creation-rules)-/,
};

export async function bundleHook(shared, { outdir, entry, name }) {
  const { outputFiles, metafile } = await build({
    ...shared,
    entryPoints: { [name]: entry },
    outdir,
    write: false,
    metafile: true,
    minify: false,
    plugins: [directImports(shared.alias)],
    splitting: true,
    chunkNames: 'lazy/[name]-[hash]',
  });
  await mkdir(join(outdir, 'lazy'), { recursive: true });
  await writeFile(join(outdir, 'package.json'), '{ "type": "commonjs" }\n');
  await mkdir(join(outdir, 'library'), { recursive: true });
  await writeFile(join(outdir, 'library/package.json'), '{ "type": "module" }\n');
  const main = `${name}.js`;
  const groupOf = groupsOfParts(metafile);
  const groups = new Map();
  let program = '';
  for (const { path, text } of outputFiles) {
    const part = basename(path);
    const code = await toCommonJs(text);
    if (part === main) program = code;
    else {
      const group = groupOf.get(part) ?? part;
      groups.set(group, [...(groups.get(group) ?? []), { part, code }]);
    }
  }
  const fileOf = {};
  for (const [group, parts] of groups) {
    const text = `({\n${parts.map(asFunction).join(',\n')}\n})`;
    const file = nameByContent(group, text);
    for (const { part } of parts) fileOf[part] = file;
    await writeWhole(join(outdir, 'lazy', file), text);
  }
  await writeProgram(join(outdir, main), program, fileOf);
  await removeOthers(join(outdir, 'lazy'), new Set(Object.values(fileOf)));
  await keepCompiledCode(join(outdir, main));
}

/** Which parts share a file, by what their common file needs at once. */
function groupsOfParts({ outputs }) {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const fileOf = new Map();
  const visit = (part, file) => {
    if (fileOf.has(part)) return;
    fileOf.set(part, file);
    for (const { path, kind, external } of byName.get(part)?.imports ?? []) {
      if (kind === 'import-statement' && !external) visit(basename(path), file);
    }
  };
  for (const [file, pattern] of Object.entries(TOGETHER)) {
    for (const part of byName.keys()) if (pattern.test(part)) visit(part, file);
  }
  return fileOf;
}

async function writeProgram(path, code, fileOf) {
  const table = `const FILES = ${JSON.stringify(fileOf)};`;
  await writeWhole(path, `#!/usr/bin/env node\n"use strict";${table}${LOADER}${code}`, 0o755);
}

/** A hook that runs meanwhile sees the file before or after, never half of it. */
async function writeWhole(path, text, mode = 0o644) {
  const temporary = `${path}.${process.pid}.tmp`;
  await writeFile(temporary, text, { mode });
  await chmod(temporary, mode);
  await rename(temporary, path);
}

/** Parts of earlier builds, with their compiled code. */
async function removeOthers(folder, files) {
  for (const name of await readdir(folder)) {
    const isWanted = files.has(name.replace(/\.js\..*$/, '.js'));
    if (!isWanted) await rm(join(folder, name), { force: true });
  }
}

/** V8 tells compiled code of another source by its length alone: another source gets another name. */
function nameByContent(group, text) {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 16);
  return `${group.replace(/(?:-[A-Z0-9]{8})?\.js$/, '')}-${digest}.js`;
}

function asFunction({ part, code }) {
  const body = code.includes('__url') ? URL_OF_FILE + code : code;
  return `${JSON.stringify(part)}: function (exports, require, module, part, lazy, __filename) {${body}\n}`;
}

async function toCommonJs(text) {
  const { code } = await transform(text, {
    format: 'cjs',
    platform: 'node',
    target: 'node20.20',
    minify: true,
    legalComments: 'none',
    charset: 'ascii',
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': '__url' },
  });
  return code
    .replace(/require\("(?:\.\/)?(?:lazy\/|\.\.?\/)*((?:[\w-]+)-[A-Z0-9]{8}\.js)"\)/g, 'part("$1")')
    .replace(/require\("(node:(?!child_process|fs|path)[\w/]+)"\)/g, 'lazy("$1")');
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
