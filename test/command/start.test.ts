import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { cleanEnv, hookProgram, repositoryRoot, run, tidelockProgram } from '../support/program.ts';

let folder: string;

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'tidelock-start-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The program with its parts, as an installation has it before its first run. */
function installation(program: string, to = join(folder, 'installed')): string {
  const from = dirname(program);
  mkdirSync(to, { recursive: true });
  for (const name of [program.slice(from.length + 1), 'package.json', 'lazy']) {
    cpSync(join(from, name), join(to, name), {
      recursive: true,
      filter: (path) => !path.endsWith('.cache'),
    });
  }
  return join(to, program.slice(from.length + 1));
}

function keptCode(program: string): string[] {
  return readdirSync(join(dirname(program), 'lazy')).filter((name) => !name.endsWith('.js'));
}

test('kinds of runs keep code of their own, and none after a failure', () => {
  const installed = installation(tidelockProgram);
  const start = (...args: string[]) =>
    run(process.execPath, [installed, ...args], { cwd: folder, env: cleanEnv(folder) }).status;
  expect(start('decrypt', join(folder, 'none.yaml'))).toBeGreaterThan(1);
  expect(keptCode(installed)).toEqual([]);
  expect(start('decrypt', '--help')).toBe(0);
  expect(start('keygen')).toBe(0);
  const kinds = keptCode(installed).map((name) => /^start-[^-]+-.*-(\w+)\.cache$/.exec(name)?.[1]);
  expect(kinds).toEqual(expect.arrayContaining(['decrypt', 'any']));
});

test('the first run may load every part and says nothing of it', () => {
  const first = run(process.execPath, [installation(tidelockProgram)], {
    cwd: folder,
    env: cleanEnv(folder),
  });
  expect(first).toMatchObject({ status: 0, stderr: '' });
});

const version = (program: string, node: readonly string[] = []) =>
  run(process.execPath, [...node, program, '--version'], { cwd: folder, env: cleanEnv(folder) });

describe.each([
  ['tidelock', tidelockProgram, ['--version'], 0],
  ['tidelock-pre-commit', hookProgram, ['--help'], 0],
])('%s', (name, program, args, status) => {
  const start = (path: string) =>
    run(process.execPath, [path, ...args], { cwd: folder, env: cleanEnv(folder) });

  test('keeps compiled code at its first run and starts from it at the next', () => {
    const installed = installation(program);
    expect(keptCode(installed)).toEqual([]);
    const first = start(installed);
    expect(first).toMatchObject({ status, stderr: '' });
    const kept = keptCode(installed);
    expect(kept[0]).toMatch(/^start-.*\.cache$/);
    const path = join(dirname(installed), 'lazy', kept[0] ?? '');
    const bytes = readFileSync(path);
    expect(start(installed).stdout).toBe(first.stdout);
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test.each([
    ['cut short', (path: string) => truncateSync(path, 1000)],
    ['empty', (path: string) => truncateSync(path, 0)],
    [
      'empty in the middle',
      (path: string) => writeFileSync(path, readFileSync(path).fill(0, 4096, 8192)),
    ],
    ['of zeros', (path: string) => writeFileSync(path, Buffer.alloc(50_000))],
    [
      'of another program',
      (path: string) => writeFileSync(path, readFileSync(process.execPath).subarray(0, 50_000)),
    ],
  ])('kept code that is %s is made anew', (_, spoil) => {
    const installed = installation(program);
    const { stdout } = start(installed);
    const path = join(dirname(installed), 'lazy', keptCode(installed)[0] ?? '');
    spoil(path);
    const spoiled = readFileSync(path);
    expect(start(installed)).toMatchObject({ status, stdout, stderr: '' });
    expect(readFileSync(path).equals(spoiled)).toBe(false);
    expect(start(installed)).toMatchObject({ status, stdout, stderr: '' });
  });

  test('runs in an installation that cannot be written to, and leaves nothing there', () => {
    const installed = installation(program);
    const lazy = join(dirname(installed), 'lazy');
    chmodSync(lazy, 0o555);
    const isRoot = process.getuid?.() === 0;
    const as = isRoot ? ['setpriv', '--reuid=65534', '--clear-groups'] : [];
    chmodSync(folder, 0o755);
    const [file = '', ...rest] = [...as, process.execPath, installed, ...args];
    const outcome = run(file, rest, { cwd: '/', env: cleanEnv('/') });
    expect(outcome).toMatchObject({ status, stderr: '' });
    expect(keptCode(installed)).toEqual([]);
    chmodSync(lazy, 0o755);
  });

  test('many first runs at once all work, and leave one whole file of compiled code', async () => {
    const installed = installation(program);
    const ends = await Promise.all(
      Array.from(
        { length: 12 },
        () =>
          new Promise<number | null>((resolve) => {
            const options = { cwd: folder, env: cleanEnv(folder), stdio: 'ignore' } as const;
            spawn(process.execPath, [installed, ...args], options).on('close', resolve);
          }),
      ),
    );
    expect(ends).toEqual(ends.map(() => status));
    const kept = keptCode(installed);
    expect(kept[0]).toMatch(/^start-.*\.cache$/);
    expect(kept.filter((name) => !name.endsWith('.cache'))).toEqual([]);
    expect(start(installed)).toMatchObject({ status, stderr: '' });
  });

  test('runs from a folder whose package is made of modules, through a link, and by npx', () => {
    const installed = installation(program);
    rmSync(join(dirname(installed), 'package.json'));
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    expect(start(installed)).toMatchObject({ status, stderr: '' });
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    const link = join(folder, 'node_modules/.bin', name);
    symlinkSync(installed, link);
    expect(start(link)).toMatchObject({ status, stderr: '' });
    const npx = run('npx', ['--no-install', name, ...args], {
      cwd: folder,
      env: { ...cleanEnv(folder), npm_config_update_notifier: 'false' },
    });
    expect(npx.stdout).toBe(start(link).stdout);
  });

  test('says what is missing where it was copied without its parts', () => {
    const alone = join(folder, `${name}.js`);
    cpSync(program, alone);
    const { status: code, stderr } = start(alone);
    expect(code).toBe(3);
    expect(stderr).toMatch(/^tidelock: this installation is not complete \(ENOENT: .*\nhint: /);
    expect(stderr).not.toContain('    at ');
  });
});

test('a debugger or other flags of V8 neither use the kept code nor replace it', () => {
  const installed = installation(tidelockProgram);
  expect(version(installed, ['--max-lazy']).status).toBe(0);
  expect(keptCode(installed)).toEqual([]);
});

describe('what a commit of one file runs', () => {
  const probe = join(repositoryRoot, 'scripts/trace-probe.cjs');

  function loaded(files: Readonly<Record<string, string>>): {
    parts: string[];
    builtIns: string[];
  } {
    const env = { ...cleanEnv(folder), TRACE_TO: join(folder, 'trace.json') };
    const root = join(folder, 'repository');
    mkdirSync(root);
    run('git', ['init', '-q'], { cwd: root, env });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(root, name), text);
    run('git', ['add', '-A'], { cwd: root, env });
    const outcome = run(process.execPath, ['--require', probe, hookProgram], { cwd: root, env });
    expect(outcome).toMatchObject({ status: 0 });
    const { entries } = JSON.parse(readFileSync(env.TRACE_TO, 'utf8')) as {
      entries: { kind: string; name: string }[];
    };
    const namesOf = (wanted: string) =>
      entries.filter(({ kind }) => kind === wanted).map(({ name }) => name);
    return { parts: namesOf('part'), builtIns: namesOf('built-in') };
  }

  test('no KMS, no key, no store, no reader of YAML, and nothing that talks to a network', () => {
    const { parts, builtIns } = loaded({ 'values.yaml': 'replicas: 3\nname: example\n' });
    expect(parts).toContain('guard/rules/token');
    const forbidden = /^core\/(?:kms|keys|yaml|stores|operations|config|metadata)\/|openpgp|noble/;
    expect(parts.filter((name) => forbidden.test(name))).toEqual([]);
    expect(parts).not.toContain('pre-commit/steering');
    expect(builtIns.map((name) => name.replace('node:', '')).sort()).toEqual([
      'child_process',
      'fs',
      'path',
      'vm',
    ]);
  });

  test('with a .sops.yaml its reader, and still no KMS and no store', () => {
    const { parts } = loaded({
      'values.yaml': 'replicas: 3\n',
      '.sops.yaml': 'creation_rules:\n  - path_regex: ^secrets/\n    age: age1x\n',
    });
    expect(parts).toContain('core/config/sops-config');
    const forbidden = /^core\/(?:kms|stores|operations)\/|openpgp|noble/;
    expect(parts.filter((name) => forbidden.test(name))).toEqual([]);
  });

  test('with a policy what reads it', () => {
    const { parts } = loaded({ 'values.yaml': 'a: 1\n', '.tidelock.yaml': 'version: 1\n' });
    expect(parts).toContain('pre-commit/steering');
  });
});
