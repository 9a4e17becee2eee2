import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Packs every published package, installs the tarballs into an empty project and uses them there:
 * each entry imports, its types resolve, each program starts. publint and attw judge the tarballs.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const published = readdirSync(join(root, 'packages'))
  .map((name) => ({
    folder: join(root, 'packages', name),
    ...manifest(join(root, 'packages', name)),
  }))
  .filter(({ private: isPrivate }) => !isPrivate);
const project = mkdtempSync(join(tmpdir(), 'tidelock-packages-'));
const failures = [];

function manifest(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

function run(command, args, cwd = project) {
  const result = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 1 << 28 });
  return { isGood: result.status === 0, output: `${result.stdout}${result.stderr}` };
}

function expect(what, { isGood, output }) {
  process.stdout.write(`${isGood ? 'ok' : 'FAILED'} ${what}\n`);
  if (isGood) return;
  failures.push(what);
  process.stdout.write(output.replace(/^/gm, '    '));
}

function pack({ folder }) {
  const { stdout } = spawnSync('npm', ['pack', '--json', '--pack-destination', project], {
    cwd: folder,
    encoding: 'utf8',
  });
  const answer = JSON.parse(stdout);
  const [{ filename, files }] = Array.isArray(answer) ? answer : Object.values(answer);
  return { tarball: join(project, filename), files: files.map(({ path }) => path) };
}

const BELONGS =
  /^(?:dist\/|schema\/|problem-matcher\.json$|README\.md$|LICENSE$|package\.json$|action\.yml$|examples\/)/;
const STRAY = /\.tsbuildinfo$|\.cache$|\.test\.|\.map$/;

function checkTarball({ name }, { tarball, files }) {
  const wrong = files.filter((path) => !BELONGS.test(path) || STRAY.test(path));
  const missing = ['LICENSE', 'README.md'].filter((path) => !files.includes(path));
  expect(`${name} holds what belongs to it`, {
    isGood: wrong.length === 0 && missing.length === 0,
    output: [
      ...wrong.map((path) => `stray ${path}\n`),
      ...missing.map((path) => `no ${path}\n`),
    ].join(''),
  });
  const bin = (program) => join(root, 'node_modules/.bin', program);
  expect(`${name} passes publint`, run(bin('publint'), ['run', tarball, '--strict']));
  if (hasEntry(name)) {
    expect(
      `${name} passes attw`,
      run(bin('attw'), [tarball, '--profile', 'esm-only', '--no-color']),
    );
  }
}

function hasEntry(wanted) {
  return published.some(({ name, exports }) => name === wanted && exports?.['.'] !== undefined);
}

function checkEntries() {
  const names = published.map(({ name }) => name).filter(hasEntry);
  const imports = names.map((name, at) => `import * as entry${at} from '${name}';`).join('\n');
  const entries = names.map((_, at) => `entry${at}`).join(', ');
  writeFileSync(
    join(project, 'use.mjs'),
    `${imports}\nfor (const entry of [${entries}]) if (Object.keys(entry).length === 0) throw new Error('an entry exports nothing');\n`,
  );
  expect('every entry imports', run(process.execPath, ['use.mjs']));
  writeFileSync(
    join(project, 'use.mts'),
    `${imports}\nexport const all: readonly object[] = [${entries}];\n`,
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const options = [
    '--strict',
    '--module',
    'nodenext',
    '--target',
    'es2023',
    '--noEmit',
    '--types',
    'node',
  ];
  const typeRoots = ['--typeRoots', join(root, 'node_modules/@types')];
  expect('every type resolves', run(process.execPath, [tsc, ...options, ...typeRoots, 'use.mts']));
}

/** The examples of the readmes, on a file that sops made. */
function checkExamples() {
  copyFileSync(join(root, 'test/vectors/types.enc.yaml'), join(project, 'secrets.yaml'));
  for (const { folder, name } of published) {
    const readme = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const [, code] of readme.matchAll(/```js\n([\s\S]*?)```/g)) {
      writeFileSync(join(project, 'example.mjs'), code ?? '');
      expect(`the example of ${name} runs`, run(process.execPath, ['example.mjs']));
    }
  }
}

function checkPrograms() {
  for (const { name, bin = {}, version } of published) {
    for (const program of Object.keys(bin)) {
      const answer = run('npx', ['--no-install', program, '--version']);
      const isGood = answer.isGood && answer.output.includes(version);
      expect(`${program} of ${name} starts`, { ...answer, isGood });
    }
  }
}

try {
  const packed = published.map((one) => ({ one, packed: pack(one) }));
  for (const { one, packed: made } of packed) checkTarball(one, made);
  writeFileSync(
    join(project, 'package.json'),
    '{ "name": "empty", "private": true, "type": "module" }\n',
  );
  const tarballs = packed.map(({ packed: { tarball } }) => tarball);
  expect(
    'the tarballs install',
    run('npm', ['install', '--no-audit', '--no-fund', '--no-save', ...tarballs]),
  );
  checkEntries();
  checkExamples();
  checkPrograms();
} finally {
  rmSync(project, { recursive: true, force: true });
}
process.stdout.write(failures.length === 0 ? 'packages ok\n' : `${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;
