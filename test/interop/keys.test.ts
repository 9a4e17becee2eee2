import { chmodSync, copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { peer, vector } from '../support/program.ts';
import { RECIPIENT_2 } from '../support/recipients.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const hasPeers = peer('sops') && peer('gpg');

interface Kind {
  readonly kind: string;
  /** Makes the identity known to both programs; returns the flags that name the recipient. */
  prepare(workspace: Workspace): string[];
}

function withSsh(workspace: Workspace, name: string): string[] {
  const copy = join(workspace.home, name);
  copyFileSync(vector(name), copy);
  chmodSync(copy, 0o600);
  delete workspace.env.SOPS_AGE_KEY_FILE;
  workspace.env.SOPS_AGE_SSH_PRIVATE_KEY_FILE = copy;
  const [type, key] = readFileSync(vector(`${name}.pub`), 'utf8').split(' ');
  return ['--age', `${type} ${key?.trim()}`];
}

const KINDS: readonly Kind[] = [
  {
    kind: 'age post-quantum',
    prepare(workspace) {
      workspace.env.SOPS_AGE_KEY_FILE = vector('age-pq.txt');
      const text = readFileSync(vector('age-pq.txt'), 'utf8');
      return ['--age', /age1pq1[a-z0-9]+/.exec(text)?.[0] ?? ''];
    },
  },
  { kind: 'ssh-ed25519', prepare: (workspace) => withSsh(workspace, 'ssh_ed25519') },
  { kind: 'ssh-rsa', prepare: (workspace) => withSsh(workspace, 'ssh_rsa') },
  {
    kind: 'pgp',
    prepare(workspace) {
      mkdirSync(join(workspace.home, '.gnupg'), { mode: 0o700 });
      delete workspace.env.SOPS_AGE_KEY_FILE;
      workspace.run('gpg', ['--batch', '--import', vector('pgp-secret-test.asc')]);
      const keys = workspace.run('gpg', ['--batch', '--with-colons', '-K']).stdout;
      return ['--pgp', /^fpr:+([0-9A-F]{40}):/m.exec(keys)?.[1] ?? ''];
    },
  },
];

const PROGRAMS = ['tidelock', 'sops'] as const;

describe.skipIf(!hasPeers).each(KINDS)('$kind', ({ kind, prepare }) => {
  it.each(PROGRAMS)('opens in both programs what %s did', (program) => {
    const workspace = makeWorkspace();
    const recipient = prepare(workspace);
    const act = (name: (typeof PROGRAMS)[number], args: readonly string[]): string => {
      const outcome = name === 'sops' ? workspace.run('sops', args) : workspace.tidelock(args);
      expect({ name, args, status: outcome.status, err: outcome.stderr }).toMatchObject({
        status: 0,
      });
      return outcome.stdout;
    };
    workspace.write('f.yaml', 'a: one\nb: 2\n');
    try {
      for (const args of [
        ['encrypt', '-i', ...recipient, 'f.yaml'],
        ['set', 'f.yaml', '["a"]', '"two"'],
        ['rotate', '-i', '--add-age', RECIPIENT_2, 'f.yaml'],
        ['rotate', '-i', '--rm-age', RECIPIENT_2, 'f.yaml'],
      ]) {
        act(program, args);
        const plain = `a: ${args[0] === 'encrypt' ? 'one' : 'two'}\nb: 2\n`;
        for (const reader of PROGRAMS) expect(act(reader, ['decrypt', 'f.yaml'])).toBe(plain);
      }
    } finally {
      if (kind === 'pgp') workspace.run('gpgconf', ['--kill', 'all']);
    }
  });
});
