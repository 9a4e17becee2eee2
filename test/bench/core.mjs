import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compare, timeCommand } from './measure.mjs';

const PROGRAM = fileURLToPath(new URL('../../packages/cli/dist/tidelock.js', import.meta.url));
const vector = (name) => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url));
const recipient = (name) => /age1[a-z0-9]+/.exec(readFileSync(vector(name), 'utf8'))[0];
const tidelock = (...args) => [process.execPath, PROGRAM, ...args];

export async function* run(folder) {
  const env = {
    ...process.env,
    SOPS_AGE_KEY_FILE: vector('age-key1.txt'),
    SOPS_DISABLE_VERSION_CHECK: '1',
  };
  yield* smallFile(folder, env);
  yield* largeFile(folder, env);
  yield* manyFiles(folder, env);
}

function* smallFile(folder, env) {
  const file = join(folder, 'small.yaml');
  writeFileSync(file, readFileSync(vector('set.before.enc.yaml')));
  const { ours, empty, sops } = compare(
    {
      ours: () => timeCommand(tidelock('decrypt', file), { env }),
      empty: () => timeCommand([process.execPath, '-e', '0'], { env }),
      sops: () => timeCommand(['sops', 'decrypt', file], { env }),
    },
    15,
  );
  yield line('decrypt of one small file', ours, {
    against: 'node -e 0',
    peer: empty,
    goal: '<= 1.3',
    reached: (ratio) => ratio <= 1.3,
  });
  yield line('decrypt of one small file, beside sops', ours, {
    against: 'sops decrypt',
    peer: sops,
    goal: 'told',
    reached: () => true,
  });
}

const values = (count) =>
  Array.from(
    { length: count },
    (_, i) =>
      (i % 20 === 0 ? `group${i / 20}:\n` : '') + `    key${i}: value number ${i} of a long file\n`,
  ).join('');

function* largeFile(folder, env) {
  const age = ['--age', recipient('age-key1.txt')];
  const sizes = { plain: 20_000, plain4: 80_000 };
  for (const [name, count] of Object.entries(sizes)) {
    writeFileSync(join(folder, `${name}.yaml`), values(count));
    spawnSync(
      'sops',
      [
        'encrypt',
        ...age,
        '--output',
        join(folder, `${name}.enc.yaml`),
        join(folder, `${name}.yaml`),
      ],
      { env },
    );
  }
  for (const [work, args, suffix] of [
    ['encrypt', ['encrypt', ...age], ''],
    ['decrypt', ['decrypt'], '.enc'],
  ]) {
    const file = join(folder, `plain${suffix}.yaml`);
    const file4 = join(folder, `plain4${suffix}.yaml`);
    const { ours, sops, ours4 } = compare(
      {
        ours: () => timeCommand(tidelock(...args, file), { env }),
        sops: () => timeCommand(['sops', ...args, file], { env }),
        ours4: () => timeCommand(tidelock(...args, file4), { env }),
      },
      5,
    );
    yield line(`${work} of one 20,000-value YAML`, ours, {
      against: 'sops',
      peer: sops,
      goal: '< 1',
      reached: (ratio) => ratio < 1,
    });
    yield line(`${work}: four times the values`, ours4, {
      against: 'one time',
      peer: ours,
      goal: '<= 5',
      reached: (ratio) => ratio <= 5,
    });
  }
}

function* manyFiles(folder, env) {
  const tree = join(folder, 'many');
  const one = recipient('age-key1.txt');
  const two = recipient('age-key2.txt');
  const names = Array.from({ length: 1000 }, (_, i) => `f${i}.yaml`);
  const encrypted = readFileSync(vector('set.before.enc.yaml'));
  const prepare = () => {
    rmSync(tree, { recursive: true, force: true });
    mkdirSync(tree, { recursive: true });
    writeFileSync(join(tree, '.sops.yaml'), `creation_rules:\n  - age: ${one},${two}\n`);
    for (const name of names) writeFileSync(join(tree, name), encrypted);
  };
  const { ours, sops } = compare(
    {
      ours: () => (
        prepare(), timeCommand(tidelock('updatekeys', '-y', ...names), { env, cwd: tree })
      ),
      sops: () => (
        prepare(), timeCommand(['sops', 'updatekeys', '-y', ...names], { env, cwd: tree })
      ),
    },
    5,
  );
  yield line('updatekeys, 1,000 files, age', ours, {
    against: 'sops updatekeys',
    peer: sops,
    goal: '<= 0.67',
    reached: (ratio) => ratio <= 1 / 1.5,
  });
}

export function line(work, ours, { against, peer, goal, reached }) {
  const ratio = ours / peer;
  return { work, ours, against, peer, ratio, goal, reached: reached(ratio) };
}
