#!/usr/bin/env node
// What is found, missed and wrongly accused among the examples of the rules, by family, beside
// other scanners that are installed. Prints a table; judges nothing.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tidelock-eval-'));

/** The examples with their holes filled, as the tests of the rules load them. */
async function loadExamples() {
  const entry = join(root, 'packages/guard/test/rules/load.ts');
  const outfile = join(folder, 'load.mjs');
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'warning',
    define: { 'import.meta.url': JSON.stringify(pathToFileURL(entry).href) },
    alias: { '@tidelock/core': join(root, 'packages/core/src/index.ts') },
  });
  return (await import(pathToFileURL(outfile).href)).loadExamples();
}

function writeExamples(examples, files) {
  for (const { name, sources } of examples) {
    mkdirSync(join(files, name), { recursive: true });
    for (const { path, bytes } of sources) writeFileSync(join(files, name, path), bytes);
  }
}

const nameOf = (path) => path.split('/').slice(0, 2).join('/');

function run(program, args, cwd) {
  const started = performance.now();
  const result = spawnSync(program, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { ...result, ms: Math.round(performance.now() - started) };
}

/** Each gives the names of the examples it accuses, or null when it is not installed. */
const SCANNERS = {
  tidelock(files) {
    const program = join(root, 'packages/cli/dist/tidelock.js');
    const { stdout, stderr, ms } = run(
      process.execPath,
      [program, 'scan', '--format', 'json'],
      files,
    );
    if (stdout === '') throw new Error(stderr);
    const errors = JSON.parse(stdout).findings.filter(({ severity }) => severity === 'error');
    return { accused: new Set(errors.map(({ path }) => nameOf(path))), ms };
  },
  gitleaks(files) {
    const report = join(folder, 'gitleaks.json');
    const args = [
      'dir',
      '.',
      '--no-banner',
      '--exit-code',
      '0',
      '-l',
      'error',
      '-f',
      'json',
      '-r',
      report,
    ];
    const { error, status, stderr, ms } = run('gitleaks', args, files);
    if (error !== undefined) return null;
    if (status !== 0) throw new Error(stderr);
    const found = JSON.parse(readFileSync(report, 'utf8'));
    return { accused: new Set(found.map(({ File }) => nameOf(File.replace(/^\.\//, '')))), ms };
  },
  secretlint(files) {
    const rules = '{"rules":[{"id":"@secretlint/secretlint-rule-preset-recommend"}]}';
    const args = ['--secretlintrcJSON', rules, '--format', 'json', '--no-gitignore', '**/*'];
    const { error, stdout, stderr, ms } = run('secretlint', args, files);
    if (error !== undefined) return null;
    if (stdout === '') throw new Error(stderr);
    const found = JSON.parse(stdout).filter(({ messages }) => messages.length > 0);
    const below = (path) => path.slice(path.indexOf(files) + files.length + 1);
    return { accused: new Set(found.map(({ filePath }) => nameOf(below(filePath)))), ms };
  },
};

function countsOf(examples, accused) {
  const bad = examples.filter((example) => example.bad);
  const found = bad.filter(({ name }) => accused.has(name)).length;
  const wrong = examples.filter((example) => !example.bad && accused.has(example.name)).length;
  return `${found} / ${bad.length - found} / ${wrong}`;
}

function print(examples, results) {
  const names = [...results.keys()];
  const families = [...new Set(examples.map(({ name }) => name.split('/')[0]))];
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  row(['found / missed / wrongly accused', ...names]);
  row(['---', ...names.map(() => '---')]);
  for (const family of [...families, 'all']) {
    const own = examples.filter(({ name }) => family === 'all' || name.startsWith(`${family}/`));
    row([family, ...names.map((name) => countsOf(own, results.get(name).accused))]);
  }
  row(['milliseconds', ...names.map((name) => results.get(name).ms)]);
  console.log(
    '\nThe examples are of what tidelock looks for; others look for less or for other things.',
  );
}

try {
  const examples = await loadExamples();
  const files = join(folder, 'files');
  writeExamples(examples, files);
  const results = new Map();
  for (const [name, scan] of Object.entries(SCANNERS)) {
    const result = scan(files);
    if (result === null) console.error(`${name} is not installed`);
    else results.set(name, result);
  }
  print(examples, results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
