import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { peerPath } from '../../scripts/peers.mjs';
import { EXAMPLE_SECRET } from '../support/example-repositories.ts';
import { type Outcome, peer } from '../support/program.ts';
import { backupOf, keepKey, makeSealingKey, secretText } from '../support/sealing.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

process.env.PATH = peerPath();

const KEY = makeSealingKey({ bits: 4096 });
const NEW = makeSealingKey({ daysOld: 0, bits: 2048 });
const SCOPES = ['strict', 'namespace-wide', 'cluster-wide'];

function place() {
  const w = makeWorkspace();
  return { w, ...keepKey(w, 'sealing', KEY) };
}

const valuesOf = ({ stdout }: Outcome): Record<string, string> =>
  (parse(stdout) as { data: Record<string, string> }).data;
const EXPECTED = { password: Buffer.from(EXAMPLE_SECRET).toString('base64'), bytes: 'AP8K' };

/** A sealed manifest that stands elsewhere than it was sealed for. */
const MOVED: readonly (readonly [string, RegExp, string])[] = [
  ['another namespace', /namespace: apps/g, 'namespace: other'],
  ['another name', /name: db/g, 'name: other'],
];
const opensElsewhere = (scope: string, what: string) =>
  scope === 'cluster-wide' || (scope === 'namespace-wide' && what === 'another name');

describe.skipIf(!peer('kubeseal')).each(SCOPES)('with the real kubeseal, %s', (scope) => {
  const ours = (w: Workspace, cert: string, input = secretText(EXAMPLE_SECRET)) =>
    w.tidelock(['sealed-secrets', 'seal', '--cert', cert, '--scope', scope], { input });
  const theirs = (w: Workspace, cert: string, input = secretText(EXAMPLE_SECRET)) =>
    w.run('kubeseal', ['--cert', cert, '--scope', scope, '--format', 'yaml'], { input });
  const openOurs = (w: Workspace, key: string, input: string) =>
    w.tidelock(['sealed-secrets', 'unseal', '--recovery-private-key', key], { input });
  const openTheirs = (w: Workspace, key: string, input: string) =>
    w.run('kubeseal', ['--recovery-unseal', '--recovery-private-key', key], { input });

  it('each opens what the other sealed, and makes the same Secret of it', () => {
    const { w, cert, key } = place();
    const manifests = [ours(w, cert), theirs(w, cert)];
    const [one, two] = manifests.map(({ stdout }) => {
      const { metadata, spec } = parse(stdout) as Record<string, Record<string, unknown>>;
      return { metadata, template: spec?.template };
    });
    expect(one).toEqual(two);
    for (const { stdout } of manifests)
      for (const open of [openOurs, openTheirs]) {
        const opened = open(w, key, stdout);
        expect(opened, opened.stderr).toMatchObject({ status: 0 });
        expect(valuesOf(opened)).toEqual(EXPECTED);
      }
  });

  it.each(MOVED)('both agree on what opens under %s', (what, from, to) => {
    const { w, cert, key } = place();
    for (const { stdout } of [ours(w, cert), theirs(w, cert)]) {
      const moved = stdout.replaceAll(from, to);
      expect(moved).not.toBe(stdout);
      for (const open of [openOurs, openTheirs])
        expect(open(w, key, moved).status === 0).toBe(opensElsewhere(scope, what));
    }
  });

  it('single values go both ways', () => {
    const { w, cert, key } = place();
    const where = ['--scope', scope, '--name', 'db', '--namespace', 'apps'];
    w.write('value', EXAMPLE_SECRET);
    const seal = ['--cert', cert, '--raw', '--from-file', 'value', ...where];
    const sealed = [w.tidelock(['sealed-secrets', 'seal', ...seal]), w.run('kubeseal', seal)];
    for (const { stdout } of sealed) {
      const opened = w.tidelock(
        [
          'sealed-secrets',
          'unseal',
          '--recovery-private-key',
          key,
          '--raw',
          '--from-file',
          '-',
          ...where,
        ],
        { input: stdout },
      );
      expect(opened).toMatchObject({ status: 0, stdout: EXAMPLE_SECRET });
      const annotations =
        scope === 'strict' ? '{}' : `{sealedsecrets.bitnami.com/${scope}: "true"}`;
      const manifest = `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: db\n  namespace: apps\n  annotations: ${annotations}\nspec:\n  encryptedData:\n    password: ${stdout}\n`;
      expect(valuesOf(openTheirs(w, key, manifest))).toEqual({ password: EXPECTED.password });
    }
  });

  it('what is merged into one of theirs, and sealed anew, opens with theirs', () => {
    const { w, cert, key } = place();
    const now = keepKey(w, 'new', NEW);
    w.write('sealed.yaml', theirs(w, cert).stdout);
    const more =
      'apiVersion: v1\nkind: Secret\nmetadata: {name: db}\nstringData: {more: EXAMPLE}\n';
    const merge = ['sealed-secrets', 'seal', '--cert', cert, '--merge-into', 'sealed.yaml'];
    expect(w.tidelock(merge, { input: more })).toMatchObject({ status: 0 });
    const all = { ...EXPECTED, more: Buffer.from('EXAMPLE').toString('base64') };
    expect(valuesOf(openTheirs(w, key, w.read('sealed.yaml')))).toEqual(all);
    w.write('backup.yaml', backupOf([KEY, NEW]));
    const backup = ['--recovery-private-key', 'backup.yaml'];
    const resealed = w.tidelock(['sealed-secrets', 'reseal', ...backup, '--yes', 'sealed.yaml']);
    expect(resealed, resealed.stderr).toMatchObject({ status: 0 });
    expect(valuesOf(openTheirs(w, now.key, w.read('sealed.yaml')))).toEqual(all);
    expect(openTheirs(w, key, w.read('sealed.yaml')).status).not.toBe(0);
    const theirBackup = w.run('kubeseal', ['--recovery-unseal', ...backup], {
      input: w.read('sealed.yaml'),
    });
    expect(valuesOf(theirBackup)).toEqual(all);
  });
});

describe.skipIf(!peer('kubeseal'))('with the real kubeseal', () => {
  it('templates of values are rendered alike', () => {
    const { w, cert, key } = place();
    const text = secretText(EXAMPLE_SECRET).replace('  bytes:', '  a.b: eg==\n  bytes:');
    const sealed = w.run('kubeseal', ['--cert', cert, '--format', 'yaml'], { input: text }).stdout;
    const data = {
      plain: 'as it is } }}',
      password: 'over {{ .password }} itself',
      both: 'x={{ .password }} \n {{- index . "a.b" -}} \n y={{index . `a.b`}}',
      bytes2: '{{ .bytes }}',
    };
    const templates = Object.entries(data).map(
      ([name, one]) => `      ${name}: ${JSON.stringify(one)}\n`,
    );
    const input = `${sealed}    data:\n${templates.join('')}`;
    const theirs = w.run('kubeseal', ['--recovery-unseal', '--recovery-private-key', key], {
      input,
    });
    const ours = w.tidelock(['sealed-secrets', 'unseal', '--recovery-private-key', key], { input });
    expect(ours, ours.stderr).toMatchObject({ status: 0 });
    expect(valuesOf(ours)).toEqual(valuesOf(theirs));
  });

  it.each([
    ['broken into lines', '|-', '\n      ', 0],
    ['folded, so that spaces are in it', '>-', '\n      ', 1],
  ])('both take, or refuse, a value that is %s', (_, header, between, refused) => {
    const { w, cert, key } = place();
    const sealed = w.tidelock(['sealed-secrets', 'seal', '--cert', cert], {
      input: secretText(EXAMPLE_SECRET),
    }).stdout;
    const input = sealed.replace(
      /password: (.{100})(.*)/,
      `password: ${header}\n      $1${between}$2`,
    );
    const theirs = w.run('kubeseal', ['--recovery-unseal', '--recovery-private-key', key], {
      input,
    });
    const ours = w.tidelock(['sealed-secrets', 'unseal', '--recovery-private-key', key], { input });
    expect([theirs.status !== 0, ours.status !== 0]).toEqual([refused === 1, refused === 1]);
  });
});
