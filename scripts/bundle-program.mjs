import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { apartFrom, entryPart, groupParts, isOwn, partName, readParts } from './bundle-groups.mjs';
import { asPart } from './bundle-part.mjs';
import { directImports } from './direct-imports.mjs';
import { precomputed } from './precomputed.mjs';

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
 * @param {readonly string[]} [program.modes] first arguments whose runs each keep compiled code of
 * their own
 * @param {(program: string, env: object) => Promise<void>} [program.typicalRun] what such a run does not
 * use goes to files apart, so that it need not be read
 * @returns esbuild's metafile: what the program is made of
 */
export async function bundleProgram(
  shared,
  { entry, outdir, name, together = {}, modes = [], typicalRun },
) {
  const options = { ...shared, outdir, write: false, metafile: true, splitting: true };
  options.plugins = [precomputed(PRECOMPUTED), directImports(shared.alias)];
  const whole = await build({ ...options, entryPoints: [entry] });
  // Every module an entry of its own: then esbuild makes a chunk of each.
  const own = Object.keys(whole.metafile.inputs).filter(isOwn);
  const { outputFiles, metafile } = await build({
    ...options,
    entryPoints: own.map((path) => ({ in: path, out: `entry/${partName(path)}` })),
    chunkNames: 'chunk/[hash]',
  });
  const parts = readParts(outputFiles, metafile);
  await writePackageTypes(outdir);
  const program = { outdir, name, modes, first: entryPart(parts, entry).name };
  const groups = groupParts(parts, { start: [entry], ...together });
  let files = await writeProgram(program, parts, groups);
  if (typicalRun !== undefined) {
    const used = await partsUsed(`${outdir}/${name}.js`, typicalRun);
    files = await writeProgram(program, parts, apartFrom(used, groups));
  }
  await removeOthers(join(outdir, 'lazy'), files);
  return metafile;
}

/** Writes the parts, then the program that names their files. Gives the names of the files. */
async function writeProgram({ outdir, name, modes, first }, parts, groups) {
  const fileOf = {};
  for (const [group, members] of groups) {
    const texts = await Promise.all(members.map((part) => asPart(part, parts)));
    const text = `({\n${texts.join(',\n')}\n})`;
    const file = `${group}-${digestOf(text)}.js`;
    for (const part of members) fileOf[part.name] = file;
    await writeWhole(join(outdir, 'lazy', file), text);
  }
  const code = await programText({ FILES: fileOf, MODES: modes, FIRST: first });
  await writeWhole(join(outdir, `${name}.js`), code, 0o755);
  return new Set(Object.values(fileOf));
}

/** The names of the parts that a run uses. */
async function partsUsed(program, typicalRun) {
  const folder = await mkdtemp(join(tmpdir(), 'tidelock-trace-'));
  try {
    const file = join(folder, 'trace.json');
    await typicalRun(program, { NODE_OPTIONS: `--require=${PROBE}`, TRACE_TO: file });
    const { entries } = JSON.parse(await readFile(file, 'utf8'));
    return new Set(entries.filter(({ kind }) => kind === 'part').map(({ name }) => name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Tables of guard's. */
const PRECOMPUTED = /packages\/guard\/src\/tokens\/(?:search-words|membership)\.ts$/;
const PROBE = fileURLToPath(new URL('trace-probe.cjs', import.meta.url));

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
