import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  benchEnvironment,
  encryptFile,
  recipientIn,
  tidelock,
  vector,
  yamlOf,
} from './example-values.mjs';
import { atMost, below, figure, TOLD } from './figure.mjs';
import { compare, timeCommand } from './measure.mjs';

/** One small file, one large file, a thousand files: beside sops. */
export async function* run(folder) {
  const env = benchEnvironment();
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
    { rounds: 21 },
  );
  const work = 'decrypt of one small file';
  yield figure(work, ours, { against: 'node -e 0', peer: empty, goal: atMost(1.3) });
  yield figure(work, ours, { against: 'sops decrypt', peer: sops, goal: TOLD });
}

function* largeFile(folder, env) {
  const age = ['--age', recipientIn('age-key1.txt')];
  const sizes = { plain: 20_000, plain4: 80_000 };
  for (const [name, count] of Object.entries(sizes)) {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(file, yamlOf(count));
    encryptFile(file, join(folder, `${name}.enc.yaml`));
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
      { rounds: 5 },
    );
    const against = `sops ${work}`;
    yield figure(`${work} of one 20,000-value YAML`, ours, { against, peer: sops, goal: below(1) });
    yield figure(`${work} of 80,000 values`, ours4, {
      against: '20,000 values',
      peer: ours,
      goal: atMost(5),
    });
  }
}

function* manyFiles(folder, env) {
  const tree = join(folder, 'many');
  const one = recipientIn('age-key1.txt');
  const two = recipientIn('age-key2.txt');
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
    { rounds: 5 },
  );
  yield figure('updatekeys, 1,000 files, age', ours, {
    against: 'sops updatekeys',
    peer: sops,
    goal: atMost(0.67),
  });
}
