#!/usr/bin/env node
// What is found, missed and wrongly accused among the examples of the rules, by family, beside
// other scanners that are installed. Prints a table; judges nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { peerPath } from '../../scripts/peers.mjs';
import { sopsExamples } from './sops-examples.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
process.env.PATH = peerPath();
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
    for (const { path, bytes } of sources) {
      const file = join(files, name, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, bytes);
    }
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
    // Mutations of one file share its MAC here, which is a finding that no single one would make.
    const errors = JSON.parse(stdout).findings.filter(
      ({ severity, message }) => severity === 'error' && !message.startsWith('the MAC is that of'),
    );
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
    const report = join(folder, 'secretlint.json');
    // To a file, since what goes to a pipe is cut off at its end.
    const args = ['--secretlintrcJSON', rules, '--format', 'json', '--output', report, '**/*'];
    const { error, stderr, ms } = run('secretlint', args, files);
    if (error !== undefined) return null;
    if (!existsSync(report)) throw new Error(stderr);
    const found = JSON.parse(readFileSync(report, 'utf8')).filter(
      ({ messages }) => messages.length > 0,
    );
    const below = (path) => path.slice(path.indexOf(files) + files.length + 1);
    return { accused: new Set(found.map(({ filePath }) => nameOf(below(filePath)))), ms };
  },
};

const FAMILIES = {
  structure: [
    'kubernetes-secret',
    'secret-generator',
    'secret-template',
    'embedded-manifest',
    'credentials',
    'decrypted-copy',
  ],
  tokens: ['token', 'auth-header', 'connection-string'],
  keys: ['private-key', 'sensitive-key'],
  broken: ['sops-file', 'lost-encryption'],
};

function countsOf(examples, accused) {
  const bad = examples.filter((example) => example.bad);
  const found = bad.filter(({ name }) => accused.has(name)).length;
  const wrong = examples.filter((example) => !example.bad && accused.has(example.name)).length;
  return `${found} / ${bad.length - found} / ${wrong}`;
}

/** Each family and below it its directories; a directory of no family is one by itself. */
function rowsOf(examples) {
  const known = Object.values(FAMILIES).flat();
  const folders = [...new Set(examples.map(({ name }) => name.split('/')[0]))];
  const others = folders.filter((folder) => !known.includes(folder)).map((one) => [one, [one]]);
  return [...Object.entries(FAMILIES), ...others].flatMap(([family, members]) => [
    [`**${family}**`, members],
    ...(members.length > 1 ? members.map((member) => [member, [member]]) : []),
  ]);
}

function print(examples, results) {
  const names = [...results.keys()];
  const row = (cells) => console.log(`| ${cells.join(' | ')} |`);
  row(['found / missed / wrongly accused', 'plain', 'look-alikes', ...names]);
  row(['---', '---', '---', ...names.map(() => '---')]);
  const all = [...new Set(examples.map(({ name }) => name.split('/')[0]))];
  for (const [title, members] of [...rowsOf(examples), ['**all**', all]]) {
    const own = examples.filter(({ name }) => members.includes(name.split('/')[0]));
    const bad = own.filter((example) => example.bad).length;
    const cells = names.map((name) => countsOf(own, results.get(name).accused));
    row([title, bad, own.length - bad, ...cells]);
  }
  row(['milliseconds', '', '', ...names.map((name) => results.get(name).ms)]);
  const { accused } = results.get('tidelock');
  const missed = examples.filter(({ name, bad }) => bad !== accused.has(name));
  for (const { name, bad } of missed) console.log(`${bad ? 'missed' : 'wrongly accused'}: ${name}`);
  console.log(
    '\nThe examples are of what tidelock looks for; others look for less or for other things.',
  );
}

try {
  const vectors = new URL('../vectors/', import.meta.url);
  const examples = [...(await loadExamples()), ...sopsExamples(vectors)];
  const files = join(folder, 'files');
  writeExamples(examples, files);
  const results = new Map();
  for (const [name, scan] of Object.entries(SCANNERS)) {
    const result = scan(files);
    if (result === null) console.error(`${name} is not installed: node scripts/peers.mjs`);
    else results.set(name, result);
  }
  print(examples, results);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
