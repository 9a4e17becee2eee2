import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ageKeyService, encrypt, generateAgeIdentity, parseKey, storeFor } from '@tidelock/core';
import { atMost, figure } from './figure.mjs';

const program = fileURLToPath(
  new URL('../../packages/rotation-bot/dist/tidelock-rotate.js', import.meta.url),
);
const TEMPLATES = 50;
const MOST_MEMORY = 2 ** 30;
const MEBIBYTE = 2 ** 20;
const MEASURE = fileURLToPath(new URL('resource-usage.mjs', import.meta.url));

/** A plan of 10,000 encrypted files with 1,000 due, beside twice as many: time per file and memory. */
export async function* run(folder) {
  const once = await measured(join(folder, 'plan-1'), 10_000);
  const twice = await measured(join(folder, 'plan-2'), 20_000);
  const against = '10,000 files';
  yield figure('rotation plan, 20,000 files (2,000 due)', twice.milliseconds, {
    against,
    peer: once.milliseconds,
    goal: atMost(2.3),
    note: 'time of the processor',
  });
  yield figure('rotation plan, 10,000 files: memory', once.memory / MEBIBYTE, {
    against: '1 GiB',
    peer: MOST_MEMORY / MEBIBYTE,
    goal: atMost(1),
    unit: 'MiB',
    note: `${Math.round(twice.memory / MEBIBYTE)} MiB for 20,000`,
  });
  mergesToTheSame(join(folder, 'plan-1'), once.plan);
}

async function measured(folder, count) {
  await makeRepository(folder, count);
  // Time of the processor: the clock on the wall also tells what else the machine does.
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`--import=${MEASURE}`, program, 'plan', '--json'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 29 },
  );
  const [, memory = '', time = ''] = /used (\d+) (\d+)/.exec(stderr) ?? [];
  const due = stdout.split('"path":').length - 1;
  if (status !== 0 || due !== count / 10) throw new Error(`${due} files due: ${stderr}`);
  return { milliseconds: Number(time) / 1000, memory: Number(memory) * 1024, plan: stdout };
}

const SHARDS = 8;

/** Throws unless the plans of eight shards make the very plan of one process. */
function mergesToTheSame(folder, plan) {
  const rotate = (...args) => {
    const { stdout } = spawnSync(process.execPath, [program, ...args], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 1 << 29,
    });
    return stdout;
  };
  const shards = Array.from({ length: SHARDS }, (_, i) => join(folder, `shard-${i}.json`));
  for (const [i, shard] of shards.entries())
    writeFileSync(shard, rotate('plan', '--json', '--shard', `${i}/${SHARDS}`));
  if (rotate('merge', '--json', ...shards) !== plan)
    throw new Error('the shards make another plan');
}

/**
 * One commit by `git fast-import`, then ten with changes to a hundredth of the files each. A tenth of the
 * files is due. Returns the identity that opens them all.
 */
export async function makeRepository(folder, count) {
  mkdirSync(folder, { recursive: true });
  const git = (args, input) => {
    const result = spawnSync('git', args, { cwd: folder, input, maxBuffer: 1 << 28 });
    if (result.status !== 0) throw new Error(`git ${args[0]}: ${result.stderr}`);
  };
  git(['init', '--quiet', '--initial-branch=main']);
  const { identity, recipient: stays } = generateAgeIdentity();
  const leaves = generateAgeIdentity().recipient;
  const right = await templates([stays]);
  const wrong = await templates([stays, leaves]);
  const config = `creation_rules:\n  - path_regex: \\.yaml$\n    age: ${stays}\n`;
  const commits = Array.from({ length: 11 }, (_, commit) => {
    const files = commit === 0 ? [`M 644 inline .sops.yaml\n${data(config)}`] : [];
    for (let i = 0; i < count; i++) {
      if (commit > 0 && i % 100 !== commit) continue;
      const text = (i % 10 === 0 ? wrong : right)[i % TEMPLATES];
      const path = `apps/${i % 97}/secret-${i}.yaml`;
      files.push(`M 644 inline ${path}\n${data(`# change ${commit}\n${text}`)}`);
    }
    const when = `${1_700_000_000 + commit * 86_400} +0000`;
    return `commit refs/heads/main\ncommitter t <t@example.com> ${when}\n${data('a change')}${files.join('')}\n`;
  });
  git(['fast-import', '--quiet'], commits.join(''));
  return identity;
}

const data = (text) => `data ${Buffer.byteLength(text)}\n${text}\n`;

function templates(recipients) {
  const keys = recipients.map((recipient) => parseKey('age', recipient, { createdAt: '' }));
  const environment = { env: {}, platform: 'linux', homeDir: '/', cwd: '/' };
  const services = [ageKeyService({ environment })];
  const lines = Array.from({ length: 20 }, (_, i) => `  value${i}: something of some length\n`);
  const plain = storeFor('yaml').parse(Buffer.from(`data:\n${lines.join('')}`));
  const options = {
    keyGroups: [{ keys }],
    selection: null,
    macOnlyEncrypted: false,
    shamirThreshold: 0,
    services,
    now: new Date(),
  };
  return Promise.all(
    Array.from({ length: TEMPLATES }, async () =>
      Buffer.from(storeFor('yaml').emit(await encrypt(plain, options))).toString('utf8'),
    ),
  );
}
