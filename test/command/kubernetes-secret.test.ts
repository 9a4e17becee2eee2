import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../support/canary.ts';
import { EXAMPLE_SECRET } from '../support/example-repositories.ts';
import type { Outcome } from '../support/program.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const RULES = `creation_rules:\n  - path_regex: \\.secret\\.(yaml|json)$\n    encrypted_regex: ^(data|stringData)$\n    age: ${RECIPIENT_1}\n  - path_regex: \\.yaml$\n    age: ${RECIPIENT_1}\n`;

function workspace(): Workspace {
  const w = makeWorkspace();
  w.write('.sops.yaml', RULES);
  return w;
}

function secret(w: Workspace, args: readonly string[], input = ''): Outcome {
  const outcome = w.tidelock(['kubernetes', 'secret', ...args], { input });
  for (const form of formsOf(EXAMPLE_SECRET))
    expect(outcome.stdout + outcome.stderr).not.toContain(form);
  expect(outcome.stderr).not.toContain('ERR_INTERNAL');
  return outcome;
}

/** Every byte below the folders that a run could have written to. */
function everythingOf(w: Workspace): string {
  const below = (folder: string): string =>
    readdirSync(folder, { withFileTypes: true })
      .map((entry) =>
        entry.isDirectory()
          ? below(join(folder, entry.name))
          : readFileSync(join(folder, entry.name), 'latin1'),
      )
      .join('\n');
  return below(join(w.folder, '..'));
}

describe('tidelock kubernetes secret', () => {
  it('writes an encrypted manifest by the creation rule of its path, and no plain text anywhere', () => {
    const w = workspace();
    const outcome = secret(
      w,
      ['db', '--namespace', 'apps', '--from-file', 'password=-', '-o', 'db.secret.yaml'],
      EXAMPLE_SECRET,
    );
    expect(outcome).toMatchObject({ status: 0, stdout: '' });
    for (const form of formsOf(EXAMPLE_SECRET)) expect(everythingOf(w)).not.toContain(form);
    expect(w.tidelock(['decrypt', 'db.secret.yaml']).stdout).toBe(
      `apiVersion: v1\nkind: Secret\nmetadata:\n    name: db\n    namespace: apps\ntype: Opaque\nstringData:\n    password: ${EXAMPLE_SECRET}\n`,
    );
    expect(w.read('db.secret.yaml')).toMatch(
      /^apiVersion: v1\nkind: Secret\nmetadata:\n {4}name: db\n/,
    );
    expect(w.tidelock(['check'])).toMatchObject({ status: 0 });
  });

  it('takes environment files as kubectl does, bytes that are no text as data, and JSON', () => {
    const w = workspace();
    w.write('bytes.bin', Uint8Array.of(0, 1, 2, 255));
    const env = '# comment\n\n  A="quoted"\nB=x=y # not a comment\r\nNUMBER=12\nEMPTY=\n';
    const args = ['x', '--from-env-file', '-', '--from-file', 'bytes.bin', '-o', 'x.secret.json'];
    expect(secret(w, args, env)).toMatchObject({ status: 0 });
    expect(JSON.parse(w.tidelock(['decrypt', 'x.secret.json']).stdout)).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'x' },
      type: 'Opaque',
      data: { 'bytes.bin': 'AAEC/w==' },
      stringData: { A: '"quoted"', B: 'x=y # not a comment', NUMBER: '12', EMPTY: '' },
    });
  });

  it('gives back any text, byte for byte', () => {
    const w = workspace();
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const args = ['x', '--from-file', 'v=-', '--force', '-o', 'x.secret.json'];
        expect(w.tidelock(['kubernetes', 'secret', ...args], { input: text }).status).toBe(0);
        const made = JSON.parse(w.tidelock(['decrypt', 'x.secret.json']).stdout) as {
          data?: { v: string };
          stringData?: { v: string };
        };
        const value = made.stringData?.v ?? Buffer.from(made.data?.v ?? '', 'base64').toString();
        expect(value).toBe(Buffer.from(text).toString());
      }),
      { numRuns: 8 },
    );
  });

  it('warns of the history of the shell', () => {
    const w = workspace();
    const { status, stderr } = w.tidelock([
      'kubernetes',
      'secret',
      'x',
      '--from-literal',
      'a=b',
      '-o',
      'x.secret.yaml',
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain('history of the shell');
  });

  it('works with keys of flags where there is no .sops.yaml', () => {
    const w = makeWorkspace();
    const args = ['x', '--from-file', 'a=-', '--age', RECIPIENT_1, '-o', 'x.yaml'];
    expect(secret(w, args, EXAMPLE_SECRET)).toMatchObject({ status: 0 });
    expect(w.read('x.yaml')).toContain('encrypted_regex: ^(data|stringData)$');
  });

  it('replaces nothing without --force, and leaves it whole where it fails', () => {
    const w = workspace();
    w.write('x.secret.yaml', 'mine: 1\n');
    const args = ['x', '--from-file', 'a=-', '-o', 'x.secret.yaml'];
    expect(secret(w, args, 'b')).toMatchObject({ status: 2 });
    expect(w.read('x.secret.yaml')).toBe('mine: 1\n');
    expect(secret(w, [...args, '--force'], 'b')).toMatchObject({ status: 0 });
    expect(w.read('x.secret.yaml')).toContain('kind: Secret');
  });

  const PEM = (what: string) => `-----BEGIN ${what}-----\nx\n-----END ${what}-----\n`;
  const TLS = ['--type', 'kubernetes.io/tls', '--from-file', 'tls.crt', '--from-file', 'tls.key'];

  it('knows what each type needs', () => {
    const w = workspace();
    w.write('tls.crt', PEM('CERTIFICATE'));
    w.write('tls.key', PEM(`${'PRIVATE'} KEY`));
    w.write('config.json', '{"auths": {}}');
    const ok = (name: string, ...args: string[]) =>
      expect(secret(w, [name, ...args, '-o', `${name}.secret.yaml`]), name).toMatchObject({
        status: 0,
      });
    ok('tls', ...TLS);
    ok(
      'docker',
      '--type',
      'kubernetes.io/dockerconfigjson',
      '--from-file',
      '.dockerconfigjson=config.json',
    );
    ok('basic', '--type', 'kubernetes.io/basic-auth', '--from-literal', 'username=u');
    ok('ssh', '--type', 'kubernetes.io/ssh-auth', '--from-file', 'ssh-privatekey=tls.key');
    ok('own', '--type', 'example.org/own', '--from-literal', 'a=b');
  });

  it.each([
    ['no name', ['-o', 'a.secret.yaml']],
    ['a name in upper case', ['Db', '--from-literal', 'a=b', '-o', 'a.secret.yaml']],
    ['a namespace with a dot', ['x', '-n', 'a.b', '--from-literal', 'a=b', '-o', 'a.secret.yaml']],
    ['no file', ['x', '--from-literal', 'a=b']],
    ['no manifest', ['x', '--from-literal', 'a=b', '-o', 'a.txt']],
    ['no value', ['x', '-o', 'a.secret.yaml']],
    ['a key of another alphabet', ['x', '--from-literal', 'a b=c', '-o', 'a.secret.yaml']],
    ['a key twice', ['x', '--from-literal', 'a=b', '--from-literal', 'a=c', '-o', 'a.secret.yaml']],
    ['a literal without =', ['x', '--from-literal', 'abc', '-o', 'a.secret.yaml']],
    ['a missing file', ['x', '--from-file', 'none', '-o', 'a.secret.yaml']],
    ['a folder', ['x', '--from-file', 'a=.', '-o', 'a.secret.yaml']],
    [
      'standard input twice',
      ['x', '--from-file', 'a=-', '--from-env-file', '-', '-o', 'a.secret.yaml'],
    ],
    ['a broken line', ['x', '--from-env-file', '.sops.yaml', '-o', 'a.secret.yaml']],
    [
      'tls without its keys',
      ['x', '--type', 'kubernetes.io/tls', '--from-literal', 'a=b', '-o', 'a.secret.yaml'],
    ],
    [
      'docker without JSON',
      [
        'x',
        '--type',
        'kubernetes.io/dockerconfigjson',
        '--from-literal',
        '.dockerconfigjson=a',
        '-o',
        'a.secret.yaml',
      ],
    ],
    [
      'basic-auth without either',
      ['x', '--type', 'kubernetes.io/basic-auth', '--from-literal', 'a=b', '-o', 'a.secret.yaml'],
    ],
    [
      'ssh without a key',
      [
        'x',
        '--type',
        'kubernetes.io/ssh-auth',
        '--from-literal',
        'ssh-privatekey=a',
        '-o',
        'a.secret.yaml',
      ],
    ],
    [
      'a token that Kubernetes makes',
      [
        'x',
        '--type',
        'kubernetes.io/service-account-token',
        '--from-literal',
        'a=b',
        '-o',
        'a.secret.yaml',
      ],
    ],
    ['a path without a rule', ['x', '--from-literal', 'a=b', '-o', 'a.json']],
    ['a rule that would encrypt the kind', ['x', '--from-literal', 'a=b', '-o', 'a.yaml']],
    ['a folder that does not exist', ['x', '--from-literal', 'a=b', '-o', 'none/a.secret.yaml']],
  ])('%s is exit 2, and nothing is written', (_, args) => {
    const w = workspace();
    const { status, stdout, stderr } = secret(w, args);
    expect({ status, stdout, stderr }).toMatchObject({ status: 2, stdout: '' });
    expect(readdirSync(w.folder)).toEqual(['.sops.yaml']);
    expect(existsSync(w.path('none'))).toBe(false);
  });
});
