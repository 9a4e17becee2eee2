import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exampleEnvironment } from './example-environment.mjs';

/**
 * Runs of a program just built, in a folder of their own, so that V8's compiled code is kept before
 * its user starts it.
 */
async function firstRuns(work) {
  const folder = await mkdtemp(join(tmpdir(), 'tidelock-bundle-'));
  const env = exampleEnvironment(folder);
  const run = (program, args, extra = {}) => {
    const options = { cwd: folder, env: { ...env, ...extra }, encoding: 'utf8' };
    const { status, stdout, stderr } = spawnSync(program, args, options);
    if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  try {
    await work({ run, write: (name, text) => writeFile(join(folder, name), text), env });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nobody has its identity. */
const RECIPIENT = 'age1arl3xphgszhcferc090uuauew6f7mfxhgvtw0x9hwa4lyfxhzvvsxszm55';
const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: { name: example }
spec:
  replicas: 3 # of the example
  template:
    spec:
      containers:
        - name: app
          image: registry.example.com/team/app:v1.2.0
          env:
            - name: PASSWORD
              valueFrom: { secretKeyRef: { name: app, key: password } }
`;

const AUTHOR = ['-c', 'user.name=Example', '-c', 'user.email=example@example.com'];

/** One manifest staged beside what is committed. @param extra environment of the run itself */
export const hookRun = (program, extra) =>
  firstRuns(async ({ run, write }) => {
    run('git', ['init', '-q']);
    await write('.sops.yaml', `creation_rules:\n  - path_regex: secrets/\n    age: ${RECIPIENT}\n`);
    run('git', ['add', '-A']);
    run('git', [...AUTHOR, 'commit', '-q', '-m', 'Start']);
    await write('deployment.yaml', MANIFEST);
    run('git', ['add', '-A']);
    run(process.execPath, [program], extra);
  });

/** The one command whose start counts most. @param extra environment of the run itself */
export const decryptRun = (program, extra) =>
  firstRuns(async ({ run, write, env }) => {
    await prepareFile({ run, write, env }, program);
    run(process.execPath, [program, 'decrypt', 'values.yaml'], extra);
  });

/** The commands that scripts call most. */
export const commandRuns = (program) =>
  firstRuns(async ({ run, write, env }) => {
    await prepareFile({ run, write, env }, program);
    run(process.execPath, [program, 'decrypt', 'values.yaml']);
    run(process.execPath, [program, 'set', 'values.yaml', '["name"]', '"other"']);
    run(process.execPath, [program, 'updatekeys', '--yes', 'values.yaml']);
  });

/** A little of everything that such files hold. */
const VALUES = `# The values of an example.
replicas: 3
name: example # of nothing
list: [true, 1.5, null]
hosts:
  # The first one answers.
  - one.example.com
  - "two"
settings:
  empty: ""
  text: |
    two
    lines
`;

async function prepareFile({ run, write, env }, program) {
  const identity = run(process.execPath, [program, 'keygen']);
  env.SOPS_AGE_KEY = /AGE-SECRET-KEY-1\w+/.exec(identity)?.[0];
  const recipient = /age1[a-z0-9]+/.exec(identity)?.[0];
  await write('.sops.yaml', `creation_rules:\n  - path_regex: \\.ya?ml$\n    age: ${recipient}\n`);
  await write('values.yaml', VALUES);
  run(process.execPath, [program, 'encrypt', '-i', 'values.yaml']);
}
