import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { countWork, type Program, type Work } from '../support/count-work.ts';
import { encryptText } from '../support/in-process.ts';
import { hookProgram, repositoryRoot, tidelockProgram } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2, type Workspace } from '../support/workspace.ts';

/**
 * Work is counted, never timed: what one more file and one more value cost, and what a start loads. A
 * count that rises is a regression; one that falls is a gain to be written down here.
 */
const FEW = 4;
const MANY = 8;
const VALUES = 200;

let encrypted: string;
let large: Readonly<Record<'once' | 'twice', { plain: string; encrypted: string }>>;

beforeAll(async () => {
  encrypted = await encryptText('yaml', 'name: app\npassword: example\nports:\n  - 1\n  - 2\n');
  const sized = async (count: number) => {
    const plain = Array.from({ length: count }, (_, i) => `key${i}: value number ${i}\n`).join('');
    return { plain, encrypted: await encryptText('yaml', plain) };
  };
  large = { once: await sized(VALUES), twice: await sized(2 * VALUES) };
});

const config = (...recipients: string[]) =>
  `creation_rules:\n  - path_regex: ^secrets/\n    age: ${recipients.join(',')}\n`;
const secretNames = (count: number) =>
  Array.from({ length: count }, (_, i) => `secrets/app${i}.yaml`);

const WHO = ['-c', 'user.name=a', '-c', 'user.email=a@example.org'];

/** So many encrypted files, as many manifests and as many pages, staged upon a first commit. */
function repository(count: number): Workspace {
  const workspace = makeWorkspace();
  workspace.write('.sops.yaml', config(RECIPIENT_1));
  workspace.git('init', '-q', '-b', 'main');
  workspace.git('add', '-A');
  workspace.git(...WHO, 'commit', '-q', '-m', 'start');
  for (const [i, name] of secretNames(count).entries()) {
    workspace.write(name, encrypted);
    workspace.write(`apps/app${i}.yaml`, `kind: Deployment\nname: app${i}\n`);
    workspace.write(`docs/page${i}.md`, `# Page ${i}\n`);
  }
  workspace.git('add', '-A');
  return workspace;
}

/** How often each thing is done that costs: by Node's own functions and by ours. */
const COUNTERS = {
  processes: ['node:internal/child_process', 'ChildProcess.spawn'],
  shortProcesses: ['git/output-now', 'withoutStreams'],
  readsFromDisk: ['node:fs', 'readFileSync'],
  flushes: ['node:fs', 'fsync'],
  renames: ['node:fs', 'rename'],
  yamlParses: ['core/yaml/parse', 'parseDocument'],
  unwraps: ['core/keys/age-x25519', 'unwrapFileKey'],
  wraps: ['core/keys/age-x25519', 'wrapForX25519'],
  macs: ['core/cipher/mac', 'startMac'],
} as const satisfies Readonly<Record<string, readonly [string, string]>>;
type Counter = keyof typeof COUNTERS;
type Counts = Partial<Record<Counter, number>>;

const countsOf = (work: Work): Counts =>
  Object.fromEntries(
    Object.entries(COUNTERS)
      .map(([name, [script, calls]]) => [name, work.calls(script, calls)] as const)
      .filter(([, count]) => count > 0),
  );

async function counted(workspace: Workspace, program: Program): Promise<Work> {
  const work = await countWork(workspace, program);
  expect(work.status).toBe(0);
  return work;
}

/** What each further file of a kind costs. */
async function eachMore(
  program: (count: number) => Program,
  prepare: (workspace: Workspace) => void = () => undefined,
): Promise<Counts> {
  const [few, many] = await Promise.all(
    [FEW, MANY].map(async (count) => {
      const workspace = repository(count);
      prepare(workspace);
      return countsOf(await counted(workspace, program(count)));
    }),
  );
  const more = Object.keys(COUNTERS).map((name) => {
    const of = (counts: Counts | undefined) => counts?.[name as Counter] ?? 0;
    return [name, (of(many) - of(few)) / (MANY - FEW)] as const;
  });
  return Object.fromEntries(more.filter(([, count]) => count !== 0));
}

const cli = (...args: string[]): Program => ({ package: 'cli', args });

describe('one more encrypted file, one more manifest and one more page cost', () => {
  it('the hook: each manifest parsed once, no further process', async () => {
    expect(await eachMore(() => ({ package: 'pre-commit', args: [] }))).toEqual({ yamlParses: 2 });
  });

  it('a scan of the folder: each read and parsed once, no further process', async () => {
    expect(await eachMore(() => cli('scan'))).toEqual({ yamlParses: 2, readsFromDisk: 3 });
  });

  it('a check of the policy: each read once, only what is encrypted parsed', async () => {
    const counts = await eachMore(() => cli('check', '--policy-only'));
    expect(counts).toEqual({ readsFromDisk: 3, yamlParses: 1 });
  });

  it('updatekeys: one unwrap for a shared data key, a wrap a recipient, one flush, one rename', async () => {
    const counts = await eachMore(
      (count) => cli('updatekeys', '-y', ...secretNames(count)),
      (workspace) => workspace.write('.sops.yaml', config(RECIPIENT_1, RECIPIENT_2)),
    );
    // Read before, and again just before the rename; parsed before, and again to prove what is written.
    expect(counts).toEqual({
      readsFromDisk: 2,
      yamlParses: 2,
      wraps: 2,
      macs: 1,
      flushes: 1,
      renames: 1,
    });
  });
});

/** Of the file, the creation rules and the identities. */
const READING = { readsFromDisk: 4, yamlParses: 2 };
/** Read and parsed again: what is written is proved first, and nobody else's change is lost. */
const WRITING = { readsFromDisk: 5, yamlParses: 3, flushes: 1, renames: 1 };

describe('one file costs', () => {
  const RUNS: readonly (readonly [string, readonly string[], Counts])[] = [
    ['decrypt', ['decrypt', 'secrets/app0.yaml'], { ...READING, unwraps: 1, macs: 1 }],
    [
      'encrypt in place',
      ['encrypt', '-i', 'secrets/new.yaml'],
      { ...WRITING, readsFromDisk: 4, wraps: 1, macs: 2 },
    ],
    [
      'set',
      ['set', 'secrets/app0.yaml', '["name"]', '"other"'],
      { ...WRITING, unwraps: 1, macs: 3 },
    ],
    [
      'rotate',
      ['rotate', '-i', 'secrets/app0.yaml'],
      { ...WRITING, unwraps: 1, wraps: 1, macs: 3 },
    ],
  ];
  it.each(RUNS)('%s', async (_, args, counts) => {
    const workspace = repository(1);
    workspace.write('secrets/new.yaml', 'name: app\n');
    expect(countsOf(await counted(workspace, cli(...args)))).toEqual(counts);
  });
});

describe('processes that are started', () => {
  it.each([
    ['the hook', { package: 'pre-commit', args: [] } satisfies Program, 2],
    ['scan --staged', cli('scan', '--staged'), 2],
    ['scan', cli('scan'), 1],
    ['check', cli('check', '--policy-only'), 1],
    ['decrypt', cli('decrypt', 'secrets/app0.yaml'), 0],
  ])('%s', async (_, program, processes) => {
    const work = await countWork(repository(FEW), program);
    const started = work.calls(...COUNTERS.processes) + work.calls(...COUNTERS.shortProcesses);
    expect(started).toBe(processes);
  });
});

describe('twice the values cost at most twice the steps, and one value at most', () => {
  const RUNS: readonly (readonly [string, readonly string[], 'plain' | 'encrypted', number])[] = [
    ['encrypt', ['encrypt', 'secrets/large.yaml'], 'plain', 2000],
    ['decrypt', ['decrypt', 'secrets/large.yaml'], 'encrypted', 1150],
    ['set', ['set', 'secrets/large.yaml', '["key7"]', '"other"'], 'encrypted', 2250],
    ['scan of plain values', ['scan'], 'plain', 800],
    ['scan of encrypted values', ['scan'], 'encrypted', 2400],
  ];
  it.each(RUNS)('%s', async (_, args, kind, most) => {
    const [once = 0, twice = 0] = await Promise.all(
      [large.once, large.twice].map(async (texts) => {
        const workspace = makeWorkspace();
        workspace.write('.sops.yaml', config(RECIPIENT_1));
        workspace.write('secrets/large.yaml', texts[kind]);
        return (await countWork(workspace, cli(...args))).steps('');
      }),
    );
    expect(twice / once).toBeLessThan(2.02);
    expect((twice - once) / VALUES).toBeLessThan(most);
  });
});

describe('a start loads', () => {
  const probe = join(repositoryRoot, 'scripts/trace-probe.cjs');
  interface Loaded {
    readonly entries: readonly { readonly kind: string; readonly name: string }[];
  }

  it.each([
    ['the hook', [hookProgram], 160],
    ['decrypt', [tidelockProgram, 'decrypt', 'secrets/app0.yaml'], 125],
    ['encrypt', [tidelockProgram, 'encrypt', 'secrets/new.yaml'], 140],
    ['scan', [tidelockProgram, 'scan'], 175],
    ['check', [tidelockProgram, 'check', '--policy-only'], 160],
  ])('%s: no more parts of the program than it needs, none of another package', (_, args, most) => {
    const workspace = repository(1);
    workspace.write('secrets/new.yaml', 'name: app\n');
    const trace = join(workspace.home, 'trace.json');
    spawnSync(process.execPath, ['--require', probe, ...args], {
      cwd: workspace.folder,
      env: { ...workspace.env, TRACE_TO: trace },
    });
    const { entries } = JSON.parse(readFileSync(trace, 'utf8')) as Loaded;
    const parts = entries.filter(({ kind }) => kind === 'part').map(({ name }) => name);
    const foreign = /^(?!core|git|guard|check|cli|pre-commit)/;
    expect(parts.filter((name) => foreign.test(name))).toEqual([]);
    expect(parts.length).toBeLessThanOrEqual(most);
  });
});
