import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const PROGRAM = fileURLToPath(
  new URL('../../packages/cli/dist/tidelock.js', import.meta.url),
);
export const vector = (name) => fileURLToPath(new URL(`../vectors/${name}`, import.meta.url));
export const recipientIn = (name) => /age1[a-z0-9]+/.exec(readFileSync(vector(name), 'utf8'))[0];
export const tidelock = (...args) => [process.execPath, PROGRAM, ...args];

/** The environment of every program that is timed: an identity, and no look for new versions. */
export const benchEnvironment = () => ({
  ...process.env,
  SOPS_AGE_KEY_FILE: vector('age-key1.txt'),
  SOPS_DISABLE_VERSION_CHECK: '1',
});

/** YAML of so many values in groups of twenty. */
export const yamlOf = (count) =>
  Array.from(
    { length: count },
    (_, i) =>
      (i % 20 === 0 ? `group${i / 20}:\n` : '') + `    key${i}: value number ${i} of a long file\n`,
  ).join('');

/** @throws Error when the command cannot encrypt it */
export function encryptFile(plain, encrypted) {
  const args = ['encrypt', '--age', recipientIn('age-key1.txt'), '--output', encrypted, plain];
  const [node, ...rest] = tidelock(...args);
  const { status, stderr } = spawnSync(node, rest, { env: benchEnvironment() });
  if (status !== 0) throw new Error(`encrypt: exit ${status}: ${stderr}`);
}
