import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run } from '@tidelock/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { peer, vector } from '../../../../../test/support/program.ts';
import { arrives } from '../arrives.ts';
import { emptyEnvironment } from '../encrypt-example.ts';
import { listExamples } from '../load.ts';
import { pgpKeys } from '../other-keys.ts';

const NAMES = [
  'flux-no-decryption/ok.decrypts',
  'flux-left-encrypted/ok.generator-envs',
  'flux-left-encrypted/ok.generator-binary',
  'flux-left-encrypted/ok.patch',
];

describe.skipIf(!peer('gpg'))('Flux with a PGP key', () => {
  const home = mkdtempSync(join(tmpdir(), 'tl-flux-gpg-'));
  const env = { PATH: process.env.PATH ?? '', GNUPGHOME: home };

  beforeAll(() => {
    const args = ['--batch', '--import', vector('pgp-secret-test.asc')];
    execFileSync('gpg', args, { env, stdio: 'ignore' });
  });
  afterAll(() => {
    execFileSync('gpgconf', ['--kill', 'all'], { env, stdio: 'ignore' });
    rmSync(home, { recursive: true, force: true });
  });

  it.each(listExamples().filter(({ name }) => NAMES.includes(name)))('$name', async (example) => {
    expect(await arrives(example, pgpKeys({ ...emptyEnvironment, env, run: runIn(env) }))).toBe(
      true,
    );
  });
});

const runIn =
  (own: Readonly<Record<string, string>>): Run =>
  (program, args, options = {}) =>
    new Promise((resolve, reject) => {
      const env = { ...own, ...options.env } as NodeJS.ProcessEnv;
      const child = execFile(
        program,
        [...args],
        { env, encoding: 'buffer' },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
          if (status === null) reject(error);
          else resolve({ status, stdout, stderr: stderr.toString('utf8') });
        },
      );
      child.stdin?.end(options.input ?? '');
    });
