import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { directImports } from './direct-imports.mjs';

/**
 * How long a program takes to start is what counts for a hook and for a command that scripts call:
 * CommonJS (Node's loader of modules costs 10 ms before the first line), built-ins loaded when first
 * used, and all code in parts beside the program, through a loader (part-loader.cjs) that keeps V8's
 * compiled code beside them. V8 refuses code of another version or of other flags; whoever could put
 * wrong code there could change the program itself.
 *
 * @param {object} shared esbuild's options
 * @param {object} program
 * @param {string} program.entry the source that runs
 * @param {string} program.outdir gets `<name>.js`, `lazy/` with the parts, and a package.json that
 * makes both CommonJS; what tsc puts in `library/` stays made of modules
 * @param {string} program.name
 * @param {Record<string, RegExp>} [program.together] parts, with all that they need at once, that share
 * a file of that name; what the entry needs shares `start.js`
 * @param {readonly string[]} [program.modes] first arguments (31 at most) whose runs each add what they
 * compiled to the kept code
 * @returns esbuild's metafile: what the program is made of
 */
export async function bundleProgram(shared, { entry, outdir, name, together = {}, modes = [] }) {
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
  await writePackageTypes(outdir);
  const main = `${name}.js`;
  const groupOf = groupsOfParts(metafile, { 'start.js': main, ...together });
  const groups = new Map();
  for (const { path, text } of outputFiles) {
    const part = basename(path);
    const group = groupOf.get(part) ?? part;
    groups.set(group, [...(groups.get(group) ?? []), { part, code: await toCommonJs(text) }]);
  }
  const fileOf = {};
  for (const [group, parts] of groups) {
    const text = `({\n${parts.map(asFunction).join(',\n')}\n})`;
    const file = nameByContent(group, text);
    for (const { part } of parts) fileOf[part] = file;
    await writeWhole(join(outdir, 'lazy', file), text);
  }
  const code = await programText({ FILES: fileOf, MODES: modes, FIRST: main });
  await writeWhole(join(outdir, main), code, 0o755);
  await removeOthers(join(outdir, 'lazy'), new Set(Object.values(fileOf)));
  return metafile;
}

async function writePackageTypes(outdir) {
  for (const [folder, type] of [
    ['.', 'commonjs'],
    ['library', 'module'],
  ]) {
    await mkdir(join(outdir, folder), { recursive: true });
    await writeWhole(join(outdir, folder, 'package.json'), `{ "type": "${type}" }\n`);
  }
  await mkdir(join(outdir, 'lazy'), { recursive: true });
}

/** Which parts share a file, by what their common file needs at once. */
function groupsOfParts({ outputs }, together) {
  const byName = new Map(Object.entries(outputs).map(([path, output]) => [basename(path), output]));
  const fileOf = new Map();
  const visit = (part, file) => {
    if (fileOf.has(part)) return;
    fileOf.set(part, file);
    for (const { path, kind, external } of byName.get(part)?.imports ?? []) {
      if (kind === 'import-statement' && !external) visit(basename(path), file);
    }
  };
  for (const [file, wanted] of Object.entries(together)) {
    for (const part of byName.keys()) {
      if (typeof wanted === 'string' ? part === wanted : wanted.test(part)) visit(part, file);
    }
  }
  return fileOf;
}

async function programText(constants) {
  const loader = await readFile(new URL('part-loader.cjs', import.meta.url), 'utf8');
  const { code } = await transform(loader, { minifyWhitespace: true, target: 'node20.20' });
  const values = Object.entries(constants).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `#!/usr/bin/env node\n"use strict";const ${values.join(',')};${code}`;
}

/** A program that runs meanwhile sees the file before or after, never half of it. */
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

const URL_OF_FILE = `const __url = require('node:url').pathToFileURL(__filename).href;`;

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
  return (
    code
      .replace(
        /require\("(?:\.\/)?(?:lazy\/|\.\.?\/)*((?:[\w-]+)-[A-Z0-9]{8}\.js)"\)/g,
        'part("$1")',
      )
      // Only where single names are taken from it: a namespace is a copy of all names.
      .replace(/(?<==)require\("(node:(?!child_process|fs"|path)[\w/]+)"\)/g, 'lazy("$1")')
  );
}
