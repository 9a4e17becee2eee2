import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { repositoryRoot } from './support/program.ts';

/** What a package may import of the others. Everything points one way. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  git: [],
  guard: ['core'],
  'pre-commit': ['core', 'git', 'guard'],
  check: ['core', 'git', 'guard'],
  action: ['core', 'git', 'guard', 'check'],
  'rotation-bot': ['core', 'git', 'guard', 'check'],
  cli: ['core', 'git', 'guard', 'check', 'pre-commit'],
};

/** Inside core: a folder may import those before it (and itself). */
const CORE_ORDER: readonly (readonly string[])[] = [
  ['errors.ts', 'bytes.ts', 'ports.ts'],
  ['document', 'cipher'],
  ['yaml', 'stores', 'metadata'],
  ['keys', 'config', 'kms', 'sealed-secrets'],
  ['operations'],
  ['index.ts'],
];

const LONGEST_FILE = 300;
/** Longer files, each with its reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** The files of core that reach outside, each handed in as a port by an edge. */
const DOORS: Readonly<Record<string, string>> = {
  'packages/core/src/keys/age-plugin-host.ts': 'starts age plugins and talks to them',
  'packages/core/src/kms/node-connect.ts': 'connects to a Vault with a CA of its own',
};

const IMPORT = /(?:from|import)\s*\(?\s*'([^']+)'/g;

function sourcesOf(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name === 'dist' ? [] : sourcesOf(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const imports = (file: string) =>
  [...readFileSync(file, 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? '');
const packages = Object.keys(ARROWS);
const files = packages.flatMap((name) =>
  sourcesOf(join(repositoryRoot, 'packages', name, 'src')).map((file) => ({
    name,
    file,
    shown: relative(repositoryRoot, file),
  })),
);

describe('packages', () => {
  it('import each other through their entry points, one way', () => {
    const wrong = files.flatMap(({ name, file, shown }) =>
      imports(file)
        .filter((target) => target.startsWith('@tidelock/'))
        .filter(
          (target) => !(ARROWS[name] ?? []).some((allowed) => target === `@tidelock/${allowed}`),
        )
        .map((target) => `${shown} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('reach into no other package by path', () => {
    const wrong = files.flatMap(({ name, file, shown }) =>
      imports(file)
        .filter((target) => target.startsWith('.'))
        .filter((target) =>
          relative(
            join(repositoryRoot, 'packages', name),
            resolve(dirname(file), target),
          ).startsWith('..'),
        )
        .map((target) => `${shown} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  it('core opens no file, socket or process', () => {
    const edges =
      /^node:(fs|fs\/promises|child_process|net|http|https|http2|tls|dgram|os|process)$/;
    const wrong = files
      .filter(({ name }) => name === 'core' || name === 'guard')
      .filter(({ shown }) => DOORS[shown] === undefined)
      .flatMap(({ file, shown }) =>
        imports(file)
          .filter((target) => edges.test(target))
          .map((target) => `${shown} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe('core', () => {
  it('has one direction inside', () => {
    const level = (path: string) =>
      CORE_ORDER.findIndex((names) => names.includes(path.split('/')[0] ?? ''));
    const root = join(repositoryRoot, 'packages/core/src');
    const wrong = files
      .filter(({ name }) => name === 'core')
      .flatMap(({ file, shown }) =>
        imports(file)
          .filter((target) => target.startsWith('.'))
          .filter(
            (target) =>
              level(relative(root, resolve(dirname(file), target))) > level(relative(root, file)),
          )
          .map((target) => `${shown} imports ${target}`),
      );
    expect(wrong).toEqual([]);
  });
});

describe('files', () => {
  it(`have ${LONGEST_FILE} lines at most`, () => {
    const long = files
      .filter(
        ({ file, shown }) =>
          readFileSync(file, 'utf8').split('\n').length > LONGEST_FILE + 1 &&
          LONG_FILES[shown] === undefined,
      )
      .map(({ shown }) => shown);
    expect(long).toEqual([]);
  });

  it('are named after what they hold', () => {
    const vague = files
      .filter(({ file }) => /(utils?|helpers?|common|misc)\.ts$/.test(file))
      .map(({ shown }) => shown);
    expect(vague).toEqual([]);
  });
});
