import { linkSync, rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { formsOf } from '../support/canary.ts';
import { EXAMPLE_SECRET } from '../support/example-repositories.ts';
import type { Outcome } from '../support/program.ts';
import {
  backupOf,
  keepKey,
  makeSealingKey,
  type SecretOptions,
  secretText,
} from '../support/sealing.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

const OLD = makeSealingKey({ daysOld: 60 });
const NEW = makeSealingKey({ daysOld: 1 });
const OLDEST = makeSealingKey({ daysOld: 120 });

interface Plan {
  readonly digest: string;
  readonly applied: boolean;
  readonly certificate: { readonly key: string };
  readonly objects: readonly {
    readonly path: string;
    readonly scope: string;
    readonly values: readonly { key: string; state: string; opened_by: string | null }[];
  }[];
  readonly failed: readonly { path: string; code: string; line: number | null }[];
}
const asPlan = ({ stdout }: Outcome) => JSON.parse(stdout) as Plan;
const statesOf = (plan: Plan) =>
  plan.objects.flatMap(({ values }) => values.map(({ state }) => state));

function repository() {
  const w = makeWorkspace();
  w.git('init', '-q');
  const [old, now, oldest] = [
    keepKey(w, 'old', OLD),
    keepKey(w, 'new', NEW),
    keepKey(w, 'oldest', OLDEST),
  ];
  return { w, old, now, oldest };
}

/** Runs the command; no form of the secret is ever shown. */
function run(w: Workspace, args: readonly string[], input = ''): Outcome {
  const outcome = w.tidelock(['sealed-secrets', ...args], { input });
  for (const form of formsOf(EXAMPLE_SECRET))
    expect(outcome.stdout + outcome.stderr).not.toContain(form);
  expect(outcome.stderr).not.toContain('ERR_INTERNAL');
  return outcome;
}

function seal(w: Workspace, cert: string, options: SecretOptions = {}, scope = 'strict'): string {
  const text = secretText(EXAMPLE_SECRET, options);
  const outcome = run(w, ['seal', '--cert', cert, '--scope', scope], text);
  expect(outcome).toMatchObject({ status: 0 });
  return outcome.stdout;
}

describe('tidelock sealed-secrets reseal', () => {
  it('shows a plan and writes nothing until it is told to', () => {
    const { w, old, now } = repository();
    const text = seal(w, old.cert);
    w.write('apps/db.yaml', text);
    const args = ['reseal', '--cert', now.cert, '--recovery-private-key', old.key];
    const shown = run(w, [...args, '.']);
    expect(shown.status).toBe(1);
    expect(shown.stdout).toMatch(/To seal anew: 2 values\n {2}apps\/db\.yaml: apps\/db, strict\n/);
    expect(shown.stdout).toMatch(/password: opened by SHA256:[A-Za-z0-9+/]{43}\n/);
    expect(run(w, [...args, '--dry-run', '.'])).toMatchObject({ status: 0, stdout: shown.stdout });
    expect(run(w, [...args, '--check', '.'])).toMatchObject({ status: 1, stdout: shown.stdout });
    const plan = asPlan(run(w, [...args, '--dry-run', '--json', '.']));
    expect(plan).toMatchObject({ applied: false, objects: [{ scope: 'strict' }], failed: [] });
    expect(statesOf(plan)).toEqual(['due', 'due']);
    expect(asPlan(run(w, [...args, '--dry-run', '--json', '.']))).toEqual(plan);
    expect(w.read('apps/db.yaml')).toBe(text);
    expect(w.git('status', '--porcelain', '-uall').stdout).toBe('?? apps/db.yaml\n');
  });

  it.each(['strict', 'namespace-wide', 'cluster-wide'])(
    'changes the sealed values of the scope %s and no other byte, in every layout',
    (scope) => {
      const { w, old, now } = repository();
      const sealed = seal(w, old.cert, {}, scope);
      const [, value = ''] = /password: (.*)/.exec(sealed) ?? [];
      const lines = value.replace(/.{64}/g, '$&\n      ');
      const layouts: Record<string, string> = {
        'plain.yaml': `# first\n\n${sealed}# last\n`,
        'quoted.yaml': sealed.replace(value, `"${value}"  # why`),
        'single.yaml': sealed.replace(value, `'${value}'`).replaceAll('\n', '\r\n'),
        'literal.yaml': sealed.replace(value, `|\n      ${lines}`),
        'strip.yaml': sealed.replace(value, `|-\n      ${value}`),
        'folded.yaml': sealed.replace(value, `>\n      ${value}`),
        'two.yaml': `---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a,   labels: {}}\n---\n${sealed}`,
        'one.json': run(
          w,
          ['seal', '--cert', old.cert, '--scope', scope, '--format', 'json'],
          secretText(EXAMPLE_SECRET),
        ).stdout,
        'list.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${sealed.trimEnd().replaceAll('\n', '\n    ')}\n`,
      };
      for (const [name, text] of Object.entries(layouts)) w.write(name, text);
      const keys = ['--recovery-private-key', `${old.key},${now.key}`];
      const args = ['reseal', '--cert', now.cert, ...keys, '--yes', '--json', '.'];
      const plan = asPlan(run(w, args));
      expect(plan).toMatchObject({ applied: true, failed: [] });
      expect(plan.objects.map((one) => one.scope)).toEqual(plan.objects.map(() => scope));
      const withoutValues = (text: string) =>
        text
          .replaceAll(/[A-Za-z0-9+/]{40,}={0,2}/g, '#')
          .replace(/^ {6}[A-Za-z0-9+/]{1,39}={0,2}$/m, '      #');
      for (const [name, text] of Object.entries(layouts)) {
        const after = w.read(name);
        expect(after).not.toBe(text);
        expect(withoutValues(after), name).toBe(withoutValues(text));
        if (name === 'two.yaml') continue;
        const source = name === 'list.yaml' ? sealed : after;
        const opened = w.tidelock(
          [
            'sealed-secrets',
            'unseal',
            '--format',
            'json',
            '--recovery-private-key',
            name === 'list.yaml' ? old.key : now.key,
          ],
          { input: source },
        );
        expect(JSON.parse(opened.stdout), name).toMatchObject({
          data: { password: Buffer.from(EXAMPLE_SECRET).toString('base64'), bytes: 'AP8K' },
        });
      }
      expect(statesOf(asPlan(run(w, args)))).not.toContain('due');
    },
  );

  it('changes nothing in a second run, with the new private key or by its record', () => {
    for (const hasNew of [true, false]) {
      const { w, old, now } = repository();
      w.write('a/db.yaml', seal(w, old.cert));
      w.write('b/new.yaml', seal(w, now.cert, { name: 'new' }));
      const keys = ['--recovery-private-key', hasNew ? `${old.key},${now.key}` : old.key];
      const args = ['reseal', '--cert', now.cert, ...keys, '--yes'];
      expect(run(w, [...args, 'a'])).toMatchObject({ status: 0 });
      const before = [w.read('a/db.yaml'), w.git('status', '--porcelain', '-uall').stdout];
      expect(before[1]?.includes('.sealed-secrets.json')).toBe(!hasNew);
      const again = run(w, [...args, 'a']);
      expect(again).toMatchObject({ status: 0 });
      expect(again.stdout).toContain('Up to date: 2 values');
      expect([w.read('a/db.yaml'), w.git('status', '--porcelain', '-uall').stdout]).toEqual(before);
      // Sealed by somebody else: known by the key alone.
      const other = run(w, [...args, 'b']);
      expect(other.status).toBe(hasNew ? 0 : 2);
      if (hasNew) continue;
      expect(other.stderr).toMatch(/^b\/new\.yaml:\d+:\d+: .*\[ERR_SEALED\]/);
      expect(run(w, ['reseal', '--cert', now.cert, '--check', 'a'])).toMatchObject({ status: 0 });
      expect(run(w, ['reseal', '--cert', now.cert, '--check', 'b'])).toMatchObject({ status: 1 });
      expect(run(w, ['reseal', '--cert', old.cert, '--check', 'a'])).toMatchObject({ status: 1 });
    }
  });

  it('knows by its record what seal wrote with the same certificate', () => {
    const { w, old, now } = repository();
    w.write('db.yaml', seal(w, old.cert));
    const certificate = ['--cert', now.cert];
    run(w, ['reseal', ...certificate, '--recovery-private-key', old.key, '--yes', 'db.yaml']);
    const more = secretText(EXAMPLE_SECRET, { name: 'more' });
    run(w, ['seal', ...certificate, '--output', 'more.yaml'], more);
    run(w, ['seal', ...certificate, '--merge-into', 'db.yaml'], secretText('EXAMPLE'));
    expect(run(w, ['reseal', ...certificate, '--check', '.'])).toMatchObject({ status: 0 });
    for (const command of ['check', 'scan'])
      expect(w.tidelock([command])).toMatchObject({ status: 0 });
  });

  it('believes an old key more than the record', () => {
    const { w, old, now } = repository();
    w.write('db.yaml', seal(w, old.cert));
    const args = ['reseal', '--cert', now.cert, '--recovery-private-key', old.key];
    run(w, [...args, '--yes', 'db.yaml']);
    const record = w.read('.sealed-secrets.json');
    w.write('db.yaml', seal(w, old.cert));
    w.write('.sealed-secrets.json', record.replace('"sealed": [', '"sealed": ["00",'));
    expect(run(w, [...args, '--check', 'db.yaml'])).toMatchObject({ status: 1 });
    w.write('.sealed-secrets.json', '{"version": 2}');
    expect(run(w, [...args, '--check', 'db.yaml']).stderr).toContain('no record of sealed values');
  });

  it('takes the newest certificate of the backup, and never goes back to an older one', () => {
    const { w, old } = repository();
    w.write('db.yaml', seal(w, old.cert));
    w.write('../backup.yaml', backupOf([NEW, OLDEST, OLD]));
    const backup = ['--recovery-private-key', w.path('../backup.yaml')];
    const back = run(w, ['reseal', '--cert', old.cert, ...backup, '--yes', '.']);
    expect(back).toMatchObject({ status: 2, stdout: '' });
    expect(back.stderr).toContain('the backup holds a newer certificate');
    const compromised = backupOf([OLD, NEW]).replace(/active(?![\s\S]*active)/, 'compromised');
    w.write('../compromised.yaml', compromised);
    const without = ['--recovery-private-key', w.path('../compromised.yaml'), '--check', '.'];
    expect(run(w, ['reseal', ...without])).toMatchObject({ status: 0 });
    expect(run(w, ['reseal', ...backup, '--yes', '.'])).toMatchObject({ status: 0 });
    const now = keepKey(w, 'new', NEW);
    const opened = ['unseal', '--recovery-private-key', now.key, 'db.yaml'];
    expect(w.tidelock(['sealed-secrets', ...opened])).toMatchObject({ status: 0 });
  });

  it('leaves a file it cannot read or open as it is, says where, and goes on', () => {
    const { w, old, now, oldest } = repository();
    w.write('a.yaml', seal(w, oldest.cert, { name: 'a' }));
    w.write('b.yaml', 'kind: SealedSecret\nname: {{ .x }}\n');
    w.write('c.yaml', seal(w, old.cert, { name: 'c' }));
    w.write('d.yaml', seal(w, old.cert, { name: 'd' }).replace('v1alpha1', 'v2'));
    w.write('e.yaml', 'a: 1\n');
    const untouched = ['a.yaml', 'b.yaml', 'd.yaml'].map((name) => w.read(name));
    const args = ['reseal', '--cert', now.cert, '--recovery-private-key', old.key];
    const outcome = run(w, [...args, '--yes', '--json', '.']);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toMatch(/^a\.yaml:8:\d+: .*\[ERR_SEALED\]$/m);
    expect(outcome.stderr).toMatch(/^b\.yaml.*line 2.*\[ERR_PARSE\]$|^b\.yaml:2:.*$/m);
    expect(outcome.stderr).toMatch(/^d\.yaml:1:1: .*version v2.*\[ERR_MANIFEST\]$/m);
    const { failed } = asPlan(outcome);
    expect(failed.map(({ path }) => path)).toEqual(['b.yaml', 'd.yaml']);
    expect(['a.yaml', 'b.yaml', 'd.yaml'].map((name) => w.read(name))).toEqual(untouched);
    const check = run(w, [...args, '--check', 'c.yaml', 'e.yaml']);
    expect(check.stdout).toContain('Up to date: 2 values');
  });

  it('records before it writes, so that a stop loses nothing', () => {
    const { w, old, now } = repository();
    w.write('a/db.yaml', seal(w, old.cert));
    linkSync(w.path('a/db.yaml'), w.path('b.txt'));
    const args = ['reseal', '--cert', now.cert, '--recovery-private-key', old.key, '--yes', 'a'];
    const outcome = run(w, args);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('[ERR_HARD_LINK]');
    expect(w.read('a/db.yaml')).toBe(w.read('b.txt'));
    expect(w.read('.sealed-secrets.json')).toContain('"sealed": [');
    rmSync(w.path('b.txt'));
    expect(run(w, args)).toMatchObject({ status: 0 });
    expect(run(w, args).stdout).toContain('Up to date: 2 values');
  });
});
