import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { makeCertificate } from '../fakes/certificate.ts';
import { formsOf } from '../support/canary.ts';
import { EXAMPLE_SECRET } from '../support/example-repositories.ts';
import type { Outcome } from '../support/program.ts';
import { backupOf, keepKey, makeSealingKey, secretText } from '../support/sealing.ts';
import { makeWorkspace, RECIPIENT_1, type Workspace } from '../support/workspace.ts';

const KEY = makeSealingKey();
const OTHER = makeSealingKey({ daysOld: 60 });
const PLACE = ['--name', 'db', '--namespace', 'apps'];

interface Sealed {
  readonly metadata: { readonly annotations?: Record<string, string> };
  readonly spec: {
    readonly encryptedData: Record<string, string>;
    readonly template: Record<string, unknown>;
  };
}
const asSealed = ({ stdout }: Outcome) => parse(stdout) as Sealed;
const asSecret = ({ stdout }: Outcome) =>
  parse(stdout) as { metadata: Record<string, unknown>; data: Record<string, string> };

function place() {
  const w = makeWorkspace();
  const { cert, key } = keepKey(w, 'now', KEY);
  w.write('secret.yaml', secretText(EXAMPLE_SECRET));
  return { w, cert, key };
}

/** Runs the command; the secret is shown where it was asked for alone. */
function run(w: Workspace, args: readonly string[], input = ''): Outcome {
  const outcome = w.tidelock(['sealed-secrets', ...args], { input });
  const said = args[0] === 'unseal' ? outcome.stderr : outcome.stdout + outcome.stderr;
  for (const form of formsOf(EXAMPLE_SECRET)) expect(said).not.toContain(form);
  expect(outcome.stderr).not.toContain('ERR_INTERNAL');
  return outcome;
}

describe('tidelock sealed-secrets seal', () => {
  it.each([
    ['strict', []],
    ['strict', ['--scope', 'strict']],
    ['namespace-wide', ['--scope', 'namespace-wide']],
    ['cluster-wide', ['--scope', 'cluster-wide']],
  ])('seals a Secret that unseal gives back: %s %j', (scope, flags) => {
    const { w, cert, key } = place();
    const sealed = run(w, ['seal', '--cert', cert, ...flags, 'secret.yaml']);
    expect(sealed).toMatchObject({ status: 0, stderr: '' });
    const { metadata, spec } = asSealed(sealed);
    const annotations =
      scope === 'strict' ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' };
    expect(metadata.annotations ?? {}).toEqual(annotations);
    expect(Object.keys(spec.encryptedData)).toEqual(['bytes', 'password']);
    expect(spec.template).toMatchObject({ type: 'Opaque', metadata: { labels: { app: 'shop' } } });
    const opened = run(w, ['unseal', '--recovery-private-key', key], sealed.stdout);
    expect(asSecret(opened).data).toEqual({
      bytes: 'AP8K',
      password: Buffer.from(EXAMPLE_SECRET).toString('base64'),
    });
  });

  it('takes the scope of annotations, cluster-wide first, and a flag before both', () => {
    const { w, cert } = place();
    const both =
      '{"sealedsecrets.bitnami.com/namespace-wide": "true", "sealedsecrets.bitnami.com/cluster-wide": "true"}';
    const text = secretText(EXAMPLE_SECRET, { annotations: both });
    const scopeOf = (...flags: string[]) =>
      Object.keys(
        asSealed(run(w, ['seal', '--cert', cert, ...flags], text)).metadata.annotations ?? {},
      );
    expect(scopeOf()).toEqual(['sealedsecrets.bitnami.com/cluster-wide']);
    expect(scopeOf('--scope', 'namespace-wide')).toEqual([
      'sealedsecrets.bitnami.com/namespace-wide',
    ]);
    expect(scopeOf('--scope', 'strict')).toEqual([]);
  });

  it('carries what makes the Secret, and nothing that repeats it or says who owns it', () => {
    const { w, cert } = place();
    const text = `apiVersion: v1
kind: Secret
metadata:
  name: db
  namespace: apps
  uid: 7f6c
  annotations:
    note: kept
    kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"password":"${EXAMPLE_SECRET}"}}'
  ownerReferences: [{ apiVersion: v1, kind: Pod, name: a, uid: b }]
immutable: true
type: kubernetes.io/basic-auth
stringData: { password: ${EXAMPLE_SECRET} }
`;
    const { spec } = asSealed(run(w, ['seal', '--cert', cert], text));
    expect(spec.template).toEqual({
      metadata: { name: 'db', namespace: 'apps', annotations: { note: 'kept' } },
      type: 'kubernetes.io/basic-auth',
      immutable: true,
    });
  });

  it('takes values from files and standard input, several documents, JSON, and what sops encrypted', () => {
    const { w, cert, key } = place();
    const unsealed = (text: string) =>
      asSecret(run(w, ['unseal', '--recovery-private-key', key], text));
    const password = Buffer.from(EXAMPLE_SECRET).toString('base64');
    const file = run(
      w,
      ['seal', '--cert', cert, ...PLACE, '--from-file', 'password=-'],
      EXAMPLE_SECRET,
    );
    expect(unsealed(file.stdout).data).toEqual({ password });
    const two = `${secretText(EXAMPLE_SECRET)}---\n${secretText('EXAMPLE', { name: 'two' })}`;
    expect(run(w, ['seal', '--cert', cert], two).stdout.match(/^---$/gm)).toHaveLength(1);
    expect(run(w, ['seal', '--cert', cert, '--format', 'json'], two)).toMatchObject({ status: 2 });
    const json = run(w, ['seal', '--cert', cert, '--format', 'json', 'secret.yaml']);
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'SealedSecret' });
    expect(unsealed(json.stdout).data).toMatchObject({ password });
    w.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, 'secret.yaml']);
    expect(unsealed(run(w, ['seal', '--cert', cert, 'secret.yaml']).stdout).data).toMatchObject({
      password,
    });
  });

  it('seals one value for a place, and opens it there alone', () => {
    const { w, cert, key } = place();
    const raw = ['--raw', '--from-file', '-'];
    const sealed = run(w, ['seal', '--cert', cert, ...raw, ...PLACE], EXAMPLE_SECRET);
    expect(sealed.stdout).toMatch(/^[A-Za-z0-9+/]+=*$/);
    const open = (...where: string[]) =>
      run(w, ['unseal', '--recovery-private-key', key, ...raw, ...where], sealed.stdout);
    expect(open(...PLACE)).toMatchObject({ status: 0, stdout: EXAMPLE_SECRET });
    expect(open('--name', 'db', '--namespace', 'other')).toMatchObject({ status: 2, stdout: '' });
    expect(open('--name', 'x', '--namespace', 'apps')).toMatchObject({ status: 2, stdout: '' });
    expect(open('--scope', 'cluster-wide')).toMatchObject({ status: 2, stdout: '' });
  });
});

describe('--merge-into', () => {
  function merged(flags: readonly string[] = [], text = secretText(EXAMPLE_SECRET)) {
    const { w, cert, key } = place();
    const seal = ['seal', '--cert', cert, '--scope', 'namespace-wide'];
    run(w, [...seal, '--output', 'sealed.yaml', 'secret.yaml']);
    const before = `# kept\n${w.read('sealed.yaml').replace('    bytes:', '    # too\n    bytes:')}`;
    w.write('sealed.yaml', before);
    const outcome = run(w, ['seal', '--cert', cert, '--merge-into', 'sealed.yaml', ...flags], text);
    return { w, key, before, after: w.read('sealed.yaml'), outcome };
  }

  it('adds and replaces values in the scope that is there, and touches no other line', () => {
    const text = 'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {new: EXAMPLE}\n';
    const { w, key, before, after, outcome } = merged([], text);
    expect(outcome).toMatchObject({ status: 0, stdout: '' });
    expect(after.split('\n').filter((line) => !line.startsWith('    new: '))).toEqual(
      before.split('\n'),
    );
    const opened = run(w, ['unseal', '--recovery-private-key', key, 'sealed.yaml']);
    expect(Object.keys(asSecret(opened).data).sort()).toEqual(['bytes', 'new', 'password']);
  });

  it.each([
    ['another name', [], secretText(EXAMPLE_SECRET, { name: 'other' })],
    ['another namespace', [], secretText(EXAMPLE_SECRET, { namespace: 'other' })],
    ['another scope', ['--scope', 'strict'], secretText(EXAMPLE_SECRET)],
    ['an output beside it', ['--output', 'x.yaml'], secretText(EXAMPLE_SECRET)],
  ])('refuses %s', (_, flags, text) => {
    const { before, after, outcome } = merged(flags, text);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(after).toBe(before);
  });
});

describe('tidelock sealed-secrets unseal', () => {
  it('writes to a file that its owner alone reads, also over one that others read', () => {
    const { w, cert, key } = place();
    const sealed = run(w, ['seal', '--cert', cert, 'secret.yaml']).stdout;
    w.write('plain.yaml', 'old\n');
    for (const output of ['new.yaml', 'plain.yaml']) {
      const args = ['unseal', '--recovery-private-key', key, '--output', output];
      expect(run(w, args, sealed)).toMatchObject({ status: 0, stdout: '' });
      expect(statSync(w.path(output)).mode & 0o777).toBe(0o600);
      expect(w.read(output)).toContain(Buffer.from(EXAMPLE_SECRET).toString('base64'));
    }
  });

  it('takes keys as PEM, as a backup, and as a backup that sops encrypted', () => {
    const { w, cert, key } = place();
    const sealed = run(w, ['seal', '--cert', cert, 'secret.yaml']).stdout;
    const other = keepKey(w, 'other', OTHER).key;
    w.write('backup.yaml', backupOf([OTHER, KEY]));
    w.write('locked.yaml', backupOf([KEY]));
    w.write('locked.pem', KEY.key);
    for (const name of ['locked.yaml', 'locked.pem'])
      expect(w.tidelock(['encrypt', '-i', '--age', RECIPIENT_1, name])).toMatchObject({
        status: 0,
      });
    expect(w.read('locked.pem')).not.toContain('PRIVATE');
    w.write(
      'text.yaml',
      backupOf([KEY]).replace(
        / {4}data:\n[\s\S]*/,
        `    stringData:\n      tls.key: |\n${KEY.key.replace(/^/gm, '        ')}\n`,
      ),
    );
    for (const keys of [
      [other, key],
      [`${other},${key}`],
      ['backup.yaml'],
      ['locked.yaml'],
      ['locked.pem'],
      ['text.yaml'],
    ])
      expect(
        run(w, ['unseal', ...keys.flatMap((one) => ['--recovery-private-key', one])], sealed),
        keys.join(' '),
      ).toMatchObject({ status: 0, stderr: '' });
    expect(run(w, ['unseal', '--recovery-private-key', other], sealed).stderr).toMatch(
      /standard input:\d+:\d+: .* none of 1 recovery keys \(strict for apps\/db\) \[ERR_SEALED\]/,
    );
  });

  it('renders templates of values, and names the one that it does not', () => {
    const { w, cert, key } = place();
    const sealed = run(w, ['seal', '--cert', cert, 'secret.yaml']).stdout;
    const open = ['unseal', '--recovery-private-key', key];
    const data = (text: string) => `${sealed}    data:\n      url: "db://${text}@host"\n`;
    const { url = '' } = asSecret(run(w, open, data('{{ .password }}'))).data;
    expect(Buffer.from(url, 'base64').toString()).toBe(`db://${EXAMPLE_SECRET}@host`);
    const refused = run(w, open, data('{{ .password | b64enc }}'));
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toMatch(/:\d+:\d+: spec\.template\.data\.url .*\[ERR_MANIFEST\]/);
  });
});

describe('bad input', () => {
  const day = 86_400;
  const manifest = (body: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  namespace: apps\n${body}`;

  it.each([
    ['a placeholder', manifest('stringData:\n  password: "{{ .Values.password }}"\n'), 7],
    ['a variable as the name', manifest('stringData: {a: b}\n').replace('db', "'$(NAME)'"), 4],
    ['a template that is no YAML', manifest('stringData:\n  a: {{ .Values.a }}\n'), 7],
    ['broken base64', manifest(`data:\n  password: ${EXAMPLE_SECRET}\n`), 7],
    ['a number', manifest('stringData:\n  port: 5432\n'), 7],
    ['no value', manifest('stringData:\n  password:\n'), 7],
    ['a bad key', manifest('stringData:\n  "a b": x\n'), 7],
    ['no values at all', manifest(''), 1],
    ['another kind', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', 1],
    ['an unknown version', manifest('stringData: {a: b}\n').replace('v1', 'v2'), 1],
    ['no namespace', manifest('stringData: {a: b}\n').replace('  namespace: apps\n', ''), 4],
    ['no name', manifest('stringData: {a: b}\n').replace('  name: db\n', ''), 4],
  ])('to seal: %s', (_, text, line) => {
    const { w, cert } = place();
    w.write('bad.yaml', text);
    const outcome = run(w, ['seal', '--cert', cert, '--output', 'out.yaml', 'bad.yaml']);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(new RegExp(`bad\\.yaml:${line}:|bad\\.yaml.*line ${line}`));
    expect(() => w.read('out.yaml')).toThrow('ENOENT');
  });

  it.each([
    ['expired', makeCertificate([], { from: -2 * day, until: -day }).cert, /valid until/],
    ['not yet valid', makeCertificate([], { from: day, until: 2 * day }).cert, /valid from/],
    ['of EC', makeCertificate([], { kind: 'ec' }).cert, /key of EC/],
    ['a private key', KEY.key, /holds a private key/],
    ['damaged', KEY.cert.replace(/^(.{200})..../s, '$1AAAA'), /damaged/],
    ['something else', 'hello\n', /no certificate/],
  ])('a certificate that is %s', (_, text, says) => {
    const { w } = place();
    w.write('cert.pem', text);
    const outcome = run(w, ['seal', '--cert', 'cert.pem', 'secret.yaml']);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(says);
    expect(outcome.stderr).toMatch(/^cert\.pem: .*\[ERR_CERTIFICATE\]\nhint: /);
  });

  it('takes a certificate that is over where it is told to', () => {
    const { w } = place();
    w.write('old.pem', makeCertificate([], { from: -2 * day, until: -day }).cert);
    const args = ['seal', '--cert', 'old.pem', '--allow-invalid-cert', 'secret.yaml'];
    expect(run(w, args)).toMatchObject({ status: 0 });
  });

  it.each([
    ['a certificate', KEY.cert],
    ['a key of EC', makeCertificate([], { kind: 'ec' }).key],
    ['half a key', KEY.key.slice(0, 300)],
    ['a backup without a key', backupOf([KEY]).replace('tls.key', 'tls.kee')],
    ['a backup with broken base64', backupOf([KEY]).replace('tls.key: ', 'tls.key: !')],
  ])('%s for a recovery key', (_, text) => {
    const { w, cert } = place();
    const sealed = run(w, ['seal', '--cert', cert, 'secret.yaml']).stdout;
    w.write('keys.yaml', text);
    const outcome = run(w, ['unseal', '--recovery-private-key', 'keys.yaml'], sealed);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(/^keys\.yaml(?::\d+:\d+)?: .*\[ERR_\w+\]\nhint: /);
    expect(outcome.stderr).not.toMatch(/[A-Za-z0-9+/]{60}/);
  });

  it.each([
    ['an unknown version', (text: string) => text.replace('v1alpha1', 'v1beta1'), 1],
    ['a value that was never sealed', (text: string) => text.replace(/bytes: .*/, 'bytes: x'), 8],
    [
      'a value folded with spaces',
      (t: string) => t.replace(/bytes: (.{60})/, 'bytes: >-\n      $1\n      '),
      8,
    ],
    ['a value of another place', (text: string) => text.replace('name: db', 'name: other'), 8],
    ['the old form', (text: string) => text.replace('spec:', 'spec:\n  data: AgBx'), 7],
    [
      'a scope in no quotes',
      (text: string) =>
        text.replace(
          '  name: db',
          '  annotations: {sealedsecrets.bitnami.com/cluster-wide: true}\n  name: db',
        ),
      4,
    ],
    ['no namespace', (text: string) => text.replace('  namespace: apps\n', ''), 4],
  ])('to unseal: %s', (_, change, line) => {
    const { w, cert, key } = place();
    w.write('bad.yaml', change(run(w, ['seal', '--cert', cert, 'secret.yaml']).stdout));
    const outcome = run(w, ['unseal', '--recovery-private-key', key, 'bad.yaml']);
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
    expect(outcome.stderr).toMatch(
      new RegExp(`^bad\\.yaml:${line}:\\d+: .*\\[ERR_\\w+\\]\\nhint: `),
    );
  });

  it.each([
    ['nothing to do', []],
    ['an unknown verb', ['open']],
    ['an unknown flag', ['seal', '--certificate', 'x']],
    ['no certificate', ['seal', 'secret.yaml']],
    ['a URL', ['seal', '--cert', 'https://example.org/cert.pem', 'secret.yaml']],
    ['no key', ['unseal', 'secret.yaml']],
    ['a missing file', ['unseal', '--recovery-private-key', 'none.key', 'secret.yaml']],
    ['no file to reseal', ['reseal']],
    ['a flag of another verb', ['unseal', '--dry-run', 'secret.yaml']],
    ['a manifest beside --raw', ['seal', '--cert', 'x', '--raw', 'secret.yaml']],
  ])('%s is exit 2', (_, args) => {
    const { w } = place();
    expect(run(w, args)).toMatchObject({ status: 2, stdout: '' });
  });
});
