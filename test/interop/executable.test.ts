import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { repositoryRoot, vector } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, RECIPIENT_2 } from '../support/workspace.ts';

const MANY = 220;

describe('the command as one file', () => {
  let program = '';
  beforeAll(() => {
    const script = join(repositoryRoot, 'scripts/executable.mjs');
    program = execFileSync(process.execPath, [script], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  }, 240_000);

  it('encrypts, decrypts and shares work among processes where there is no Node', () => {
    const workspace = makeWorkspace();
    const env = { PATH: '/nowhere', SOPS_AGE_KEY_FILE: vector('age-key1.txt') };
    const run = (...args: string[]) => workspace.run(program, args, { env });
    workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1}\n`);
    const names = Array.from({ length: MANY }, (_, i) => `f${i}.yaml`);
    for (const name of names) workspace.write(name, 'a: b\n');
    for (const name of names.slice(0, 1)) expect(run('encrypt', '-i', name).status).toBe(0);
    const encrypted = workspace.bytes('f0.yaml');
    for (const name of names) workspace.write(name, encrypted);
    workspace.write('.sops.yaml', `creation_rules:\n  - age: ${RECIPIENT_1},${RECIPIENT_2}\n`);
    const updated = run('updatekeys', '-y', ...names);
    expect(updated.stderr.match(/synced with new keys/g)).toHaveLength(MANY);
    expect(run('decrypt', 'f219.yaml').stdout).toBe('a: b\n');
  });
});
