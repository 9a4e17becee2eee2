import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build, transform } from 'esbuild';
import { asPart } from './bundle-part.mjs';
import { directImports } from './direct-imports.mjs';

/**
 * How long a program takes to start is what counts for a hook and for a command that scripts call:
 * CommonJS (Node's loader of modules costs 10 ms before the first line), every module a part that is
 * run when something of it is first used, and a loader (part-loader.cjs) that keeps V8's compiled code
 * beside the parts. V8 refuses code of another version or of other flags; whoever could put wrong code
 * there could change the program itself.
 *
 * @param {object} shared esbuild's options
 * @param {object} program
 * @param {string} program.entry the source that runs
 * @param {string} program.outdir gets `<name>.js`, `lazy/` with the parts, and a package.json that
 * makes both CommonJS; what tsc puts in `library/` stays made of modules
 * @param {string} program.name
 * @param {Record<string, readonly string[]>} [program.together] modules that, with all that they import,
 * share a file of that name; what the entry imports shares `start.js`
 * @param {readonly string[]} [program.modes] first arguments (31 at most) whose runs each add what they
 * compiled to the kept code
 * @returns esbuild's metafile: what the program is made of
 */
export async function bundleProgram(shared, { entry, outdir, name, together = {}, modes = [] }) {
  const options = { ...shared, outdir, write: false, metafile: true, splitting: true };
  options.plugins = [directImports(shared.alias)];
  const whole = await build({ ...options, entryPoints: [entry] });
  // Every module an entry of its own: then esbuild makes a chunk of each.
  const own = Object.keys(whole.metafile.inputs).filter(isOwn);
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: own.map((path) => ({ in: path, out: `entry/${partName(path)}` })),
    chunkNames: 'chunk/[hash]',
  });
  const parts = readParts(outputFiles, metafile);
  const groups = groupParts(parts, { start: [entry], ...together });
  await writePackageTypes(outdir);
  const fileOf = {};
  for (const [group, members] of groups) {
    const texts = await Promise.all(members.map((part) => asPart(part, parts)));
    const text = `({\n${texts.join(',\n')}\n})`;
    const file = `${group}-${digestOf(text)}.js`;
    for (const part of members) fileOf[part.name] = file;
    await writeWhole(join(outdir, 'lazy', file), text);
  }
  const first = entryPart(parts, entry).name;
  const code = await programText({ FILES: fileOf, MODES: modes, FIRST: first });
  await writeWhole(join(outdir, `${name}.js`), code, 0o755);
  await removeOthers(join(outdir, 'lazy'), new Set(Object.values(fileOf)));
  return metafile;
}

const isOwn = (path) => /^packages\/[\w-]+\/src\/.*\.ts$/.test(path);

/** `packages/core/src/bytes.ts` is the part `core/bytes`. */
function partName(path) {
  return path.replace(/^packages\/([\w-]+)\/src\/(.*)\.ts$/, '$1/$2');
}

/** esbuild's outputs by their paths, with the sources and the imports of each. */
function readParts(outputFiles, { outputs }) {
  const parts = new Map();
  const names = new Set();
  for (const [path, { inputs, imports, entryPoint }] of Object.entries(outputs)) {
    const sources = Object.keys(inputs);
    const isOurs = sources.every(isOwn);
    const base = nameOf(sources, entryPoint);
    const name = names.has(base) ? `${base}#${basename(path, '.js')}` : base;
    names.add(name);
    const text = outputFiles.find((file) =>
      file.path.endsWith(`/${path.replace(/^.*?((?:entry|chunk)\/)/, '$1')}`),
    ).text;
    parts.set(path, { path, name, entryPoint, isOurs, imports, text });
  }
  return parts;
}

function nameOf(sources, entryPoint) {
  if (sources.length === 0)
    return entryPoint === undefined ? 'nothing' : `${partName(entryPoint)}*`;
  const foreign = sources.find((path) => !isOwn(path));
  if (foreign === undefined) return sources.map(partName).join('+');
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(foreign)?.[1] ?? foreign;
}

function entryPart(parts, source) {
  return [...parts.values()].find(({ entryPoint }) => entryPoint === source);
}

/** The parts that are reached, by the file they go to. A foreign package has a file of its own. */
function groupParts(parts, together) {
  const groups = new Map();
  const seen = new Set();
  const visit = (path, group) => {
    const part = parts.get(path);
    if (part === undefined || seen.has(path)) return;
    seen.add(path);
    const file = part.isOurs ? group : part.name.replaceAll(/\W+/g, '-').replace(/^-/, '');
    groups.set(file, [...(groups.get(file) ?? []), part]);
    const [later, now] = [true, false].map((isDynamic) =>
      part.imports.filter(({ kind }) => (kind === 'dynamic-import') === isDynamic),
    );
    for (const { path: target } of now) visit(target, file);
    for (const { path: target } of later) waiting.push(target);
  };
  const waiting = [];
  for (const [group, sources] of Object.entries(together)) {
    for (const source of sources) visit(entryPart(parts, source).path, group);
  }
  while (waiting.length > 0) {
    const path = waiting.shift();
    visit(path, basename(parts.get(path)?.name ?? '').replace(/\W+$/, ''));
  }
  return groups;
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
function digestOf(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
