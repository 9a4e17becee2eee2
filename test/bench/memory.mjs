import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { benchEnvironment, encryptFile, PROGRAM, yamlOf } from './example-values.mjs';
import { atMost, figure } from './figure.mjs';

const SIZES = [20_000, 80_000];
const RUNS = { scan: ['scan'], check: ['check'], decrypt: ['decrypt', 'values.enc.yaml'] };
const MEASURE = fileURLToPath(new URL('resource-usage.mjs', import.meta.url));

/** Memory of 20,000 and of 80,000 values: grows with them and no faster, by so many bytes a byte. */
export async function* run(folder) {
  for (const [name, args] of Object.entries(RUNS)) {
    const [once, fourTimes] = SIZES.map((count) => {
      const cwd = join(folder, `${name}-${count}`);
      mkdirSync(cwd);
      const file = join(cwd, 'values.yaml');
      writeFileSync(file, yamlOf(count));
      if (name === 'decrypt') encryptFile(file, join(cwd, 'values.enc.yaml'));
      const input = name === 'decrypt' ? join(cwd, 'values.enc.yaml') : file;
      return { bytes: statSync(input).size, memory: memoryOf(args, cwd) };
    });
    const slope = (fourTimes.memory - once.memory) / (fourTimes.bytes - once.bytes);
    yield figure(`${name} of 80,000 values: memory`, fourTimes.memory / 2 ** 20, {
      against: '20,000 values',
      peer: once.memory / 2 ** 20,
      goal: atMost(4),
      unit: 'MiB',
      note: `${slope.toFixed(0)} bytes a byte of input`,
    });
  }
}

function memoryOf(args, cwd) {
  const { status, stderr } = spawnSync(
    process.execPath,
    [`--import=${MEASURE}`, PROGRAM, ...args],
    {
      cwd,
      env: benchEnvironment(),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      timeout: 60_000,
    },
  );
  const used = /used (\d+) /.exec(stderr);
  if (status !== 0 || used === null) throw new Error(`${args[0]}: exit ${status}: ${stderr}`);
  return Number(used[1]) * 1024;
}
