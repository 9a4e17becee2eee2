import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exampleEnvironment } from './example-environment.mjs';

/**
 * Fills an empty folder with a repository: an encrypted file, committed manifests, and one of them
 * staged anew.
 * @returns the environment in which its files open
 */
export function exampleRepository(folder, command) {
  const env = exampleEnvironment(folder);
  for (const role of ['AUTHOR', 'COMMITTER']) {
    env[`GIT_${role}_NAME`] = 'Example';
    env[`GIT_${role}_EMAIL`] = 'example@example.com';
  }
  const run = (program, ...args) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${program} ${args[0]}: ${stderr}`);
    return stdout;
  };
  const identity = run(process.execPath, command, 'keygen');
  const recipient = /age1[a-z0-9]+/.exec(identity)?.[0];
  env.SOPS_AGE_KEY = /AGE-SECRET-KEY-1\w+/.exec(identity)?.[0];
  const write = (name, text) => writeFileSync(join(folder, name), text);
  write('.sops.yaml', `creation_rules:\n  - path_regex: secrets\n    age: ${recipient}\n`);
  write('secrets.yaml', 'name: example\nlist: [true, 1.5]\nmore:\n  of: it\n');
  run(process.execPath, command, 'encrypt', '-i', 'secrets.yaml');
  mkdirSync(join(folder, 'apps'));
  for (let i = 0; i < 50; i++) write(`apps/app${i}.yaml`, manifest(i));
  run('git', 'init', '-q');
  run('git', 'add', '-A');
  run('git', 'commit', '-q', '-m', 'start');
  write('apps/app7.yaml', `${manifest(7)}more: true\n`);
  run('git', 'add', '-A');
  return env;
}

function manifest(i) {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app${i}
spec:
  replicas: ${1 + (i % 5)}
  template:
    spec:
      containers:
        - name: app
          image: registry.example.com/team/app${i}:v1.${i}.0
          env:
            - name: SETTING
              valueFrom:
                secretKeyRef: { name: app${i}, key: setting }
`;
}
