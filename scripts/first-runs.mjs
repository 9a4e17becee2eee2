import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Runs of a program just built, in a folder of their own, so that V8's compiled code is kept before
 * its user starts it.
 */
export async function firstRuns(work) {
  const folder = await mkdtemp(join(tmpdir(), 'tidelock-bundle-'));
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', HOME: folder };
  const run = (program, args, input = '') =>
    spawnSync(program, args, { cwd: folder, env, input, encoding: 'utf8' }).stdout ?? '';
  try {
    await work({ run, write: (name, text) => writeFile(join(folder, name), text), env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nobody has its identity. */
const RECIPIENT = 'age1arl3xphgszhcferc090uuauew6f7mfxhgvtw0x9hwa4lyfxhzvvsxszm55';

export const hookRuns = (program) =>
  firstRuns(async ({ run, write }) => {
    run('git', ['init', '-q']);
    await write('values.yaml', 'replicas: 3\nname: example\n');
    await write('.sops.yaml', `creation_rules:\n  - path_regex: secrets/\n    age: ${RECIPIENT}\n`);
    run('git', ['add', '-A']);
    run(process.execPath, [program]);
  });

export const commandRuns = (program) =>
  firstRuns(async ({ run, write, env }) => {
    const identity = run(process.execPath, [program, 'keygen']);
    env.SOPS_AGE_KEY = identity;
    const recipient = /age1[a-z0-9]+/.exec(identity)?.[0] ?? '';
    await write('.sops.yaml', `creation_rules:\n  - age: ${recipient}\n`);
    await write('values.yaml', 'replicas: 3\nname: example\nlist: [true, 1.5, null]\n');
    run(process.execPath, [program, 'encrypt', '-i', 'values.yaml']);
    run(process.execPath, [program, 'decrypt', 'values.yaml']);
    run(process.execPath, [program, 'set', 'values.yaml', '["name"]', '"other"']);
    run(process.execPath, [program, 'updatekeys', '--yes', 'values.yaml']);
  });
