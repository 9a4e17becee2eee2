import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hookProgram, peer, vector } from '../support/program.ts';
import { makeWorkspace } from '../support/workspace.ts';

test.skipIf(!peer('gpg'))('--fix encrypts for a PGP key of the keyring, and gpg opens it', () => {
  const workspace = makeWorkspace();
  mkdirSync(join(workspace.home, '.gnupg'), { mode: 0o700 });
  delete workspace.env.SOPS_AGE_KEY_FILE;
  const git = (...args: string[]) => {
    const outcome = workspace.run('git', args);
    expect(outcome).toMatchObject({ status: 0 });
    return outcome.stdout;
  };
  try {
    workspace.run('gpg', ['--batch', '--import', vector('pgp-secret-test.asc')]);
    const keys = workspace.run('gpg', ['--batch', '--with-colons', '-K']).stdout;
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(keys)?.[1] ?? '';
    workspace.write(
      '.sops.yaml',
      `creation_rules:\n  - path_regex: ^s/\n    pgp: ${fingerprint}\n`,
    );
    const secret = `hunter2-${'correct-horse'}`;
    workspace.write('s/a.yaml', `# kept\npassword: ${secret}\n`);
    git('init', '-q');
    git('add', '-A');
    const fixed = workspace.run(process.execPath, [hookProgram, '--fix']);
    expect(fixed).toMatchObject({ status: 0 });
    expect(fixed.stderr).toContain('s/a.yaml: encrypted and staged');
    expect(fixed.stdout + fixed.stderr).not.toContain(secret);
    expect(git('show', ':s/a.yaml')).toContain('ENC[AES256_GCM,');
    const opened = workspace.tidelock(['decrypt', 's/a.yaml']);
    expect(opened.stdout).toBe(`# kept\npassword: ${secret}\n`);
    expect(workspace.run(process.execPath, [hookProgram]).status).toBe(0);
  } finally {
    workspace.run('gpgconf', ['--kill', 'all']);
  }
});
