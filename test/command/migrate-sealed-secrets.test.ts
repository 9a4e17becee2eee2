import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { blobsOf, formsOf } from '../support/canary.ts';
import { EXAMPLE_SECRET, exampleRepository } from '../support/example-repositories.ts';
import type { Outcome } from '../support/program.ts';
import { keepKey, makeSealingKey, type SecretOptions, secretText } from '../support/sealing.ts';
import { RECIPIENT_1, RECIPIENT_2, type Workspace } from '../support/workspace.ts';

const KEY = makeSealingKey();
const OTHER = makeSealingKey({ daysOld: 60 });
const AGE = ['--age', RECIPIENT_1];
const WIDE = '{"sealedsecrets.bitnami.com/cluster-wide": "true", note: kept}';

interface Plan {
  readonly applied: boolean;
  readonly files: readonly { path: string; values: string[] }[];
  readonly by_hand: readonly { path: string; reason: string }[];
  readonly deployment: readonly { rule: string; path: string }[];
}
const asPlan = ({ stdout }: Outcome) => JSON.parse(stdout) as Plan;

function run(w: Workspace, ...args: string[]): Outcome {
  const outcome = w.tidelock(['migrate', 'sealed-secrets', ...args]);
  for (const form of formsOf(EXAMPLE_SECRET))
    expect(outcome.stdout + outcome.stderr).not.toContain(form);
  expect(outcome.stderr).not.toContain('ERR_INTERNAL');
  return outcome;
}

function sealed(w: Workspace, options: SecretOptions = {}, key = KEY): string {
  const { cert } = keepKey(w, 'sealing', key);
  const outcome = w.tidelock(['sealed-secrets', 'seal', '--cert', cert], {
    input: secretText(EXAMPLE_SECRET, options),
  });
  expect(outcome).toMatchObject({ status: 0 });
  return outcome.stdout;
}

const KUSTOMIZATION =
  'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - db-sealed.yaml\n  - more.yaml\n';
const flux = (decryption: string) =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:\n  name: apps\n  namespace: flux-system\nspec:\n  interval: 10m\n  path: ./apps\n  prune: true\n  sourceRef:\n    kind: GitRepository\n    name: flux-system\n${decryption}`;
const DECRYPTION = '  decryption:\n    provider: sops\n    secretRef:\n      name: sops-age\n';

function repository(files: Readonly<Record<string, string>> = {}) {
  const w = exampleRepository({});
  const all = {
    'apps/kustomization.yaml': KUSTOMIZATION,
    'apps/db-sealed.yaml': `# the database\n${sealed(w)}`,
    'apps/more.yaml': `${sealed(w, { name: 'one', annotations: WIDE })}---\n${sealed(w, { name: 'two' })}`,
    'clusters/apps.yaml': flux(DECRYPTION),
    ...files,
  };
  for (const [name, text] of Object.entries(all)) w.write(name, text);
  w.git('add', '-A');
  w.git('commit', '-qm', 'sealed');
  return { w, key: ['--recovery-private-key', keepKey(w, 'sealing', KEY).key] };
}

describe('tidelock migrate sealed-secrets', () => {
  it('shows a plan and writes nothing until it is told to', () => {
    const { w, key } = repository();
    const text = run(w, ...AGE, ...key);
    expect(text.status).toBe(1);
    expect(text.stdout).toContain('To move from SealedSecrets to sops: 2 files');
    expect(text.stdout).toContain('apps/one (cluster-wide): password');
    const plan = asPlan(run(w, ...AGE, ...key, '--json'));
    expect(plan).toMatchObject({ applied: false, by_hand: [] });
    expect(plan.files.map(({ path }) => path)).toEqual(['apps/db-sealed.yaml', 'apps/more.yaml']);
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it('puts encrypted Secrets in their place: check and scan pass, and no value is in the commit', () => {
    const { w, key } = repository();
    const done = run(w, ...AGE, ...key, '--yes');
    expect(done, done.stderr).toMatchObject({ status: 0 });
    const commit = /^ {2}(git add .*)$/m.exec(done.stdout)?.[1] ?? 'false';
    expect(w.run('/bin/sh', ['-c', commit])).toMatchObject({ status: 0 });
    expect(w.git('status', '--porcelain').stdout).toBe('');
    for (const blob of blobsOf(w, 'HEAD'))
      for (const form of formsOf(EXAMPLE_SECRET)) expect(blob.includes(form)).toBe(false);
    const checked = w.tidelock(['check', '--verify']);
    expect(checked, checked.stdout).toMatchObject({ status: 0 });
    expect(w.tidelock(['scan'])).toMatchObject({ status: 0 });
    expect(w.read('apps/kustomization.yaml')).toBe(KUSTOMIZATION);
    const [one, two] = w
      .tidelock(['decrypt', 'apps/more.yaml'])
      .stdout.split('---\n')
      .map((text) => parse(text) as Record<string, unknown>);
    expect(one).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name: 'one',
        namespace: 'apps',
        labels: { app: 'shop' },
        annotations: { note: 'kept' },
      },
      type: 'Opaque',
      data: { bytes: 'AP8K' },
      stringData: { password: EXAMPLE_SECRET },
    });
    expect(two).toMatchObject({ metadata: { name: 'two' } });
    expect(run(w, ...key, '--yes')).toMatchObject({ status: 0, stdout: '' });
  });

  it('follows the rules that are there, and says what stands in the way of applying', () => {
    const { w, key } = repository({
      '.sops.yaml': `creation_rules:\n  - path_regex: ^apps/\n    encrypted_regex: ^(data|stringData)$\n    age: ${RECIPIENT_2}\n`,
      'clusters/apps.yaml': flux(''),
    });
    const done = run(w, ...key, '--yes', '--json');
    expect(asPlan(done)).toMatchObject({
      applied: true,
      deployment: [{ rule: 'deploy/flux-no-decryption', path: 'clusters/apps.yaml' }],
    });
    expect(w.read('apps/db-sealed.yaml')).toContain(RECIPIENT_2);
    expect(w.git('status', '--porcelain').stdout).toBe(
      ' M apps/db-sealed.yaml\n M apps/more.yaml\n',
    );
  });

  it('leaves to a person what it would have to guess, names file and line, and moves the rest', () => {
    const { w, key } = repository();
    const patch = `apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: db, namespace: apps}\n`;
    const files = {
      'x/kustomization.yaml': `${KUSTOMIZATION.replace('db-sealed', '../apps').replace('  - more.yaml\n', '')}patches:\n  - path: patch.yaml\n  - target: {kind: SealedSecret}\n    patch: '[]'\n`,
      'x/patch.yaml': patch,
      'other-key.yaml': sealed(w, { name: 'other' }, OTHER),
      'mixed.yaml': `${sealed(w)}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n`,
      'list.yaml': `apiVersion: v1\nkind: List\nitems:\n  - ${sealed(w).trimEnd().replaceAll('\n', '\n    ')}\n`,
      'template.yaml': `${sealed(w)}    data:\n      url: '{{ .password | b64enc }}'\n`,
      'chart.yaml': `kind: SealedSecret\nname: {{ .Values.name }}\n`,
      'version.yaml': sealed(w).replace('v1alpha1', 'v1beta1'),
    };
    for (const [name, text] of Object.entries(files)) w.write(name, text);
    const outcome = run(w, ...AGE, ...key, '--yes', '--json');
    expect(outcome.status).toBe(1);
    const { by_hand, files: moved } = asPlan(outcome);
    expect(moved.map(({ path }) => path)).toEqual(['apps/db-sealed.yaml', 'apps/more.yaml']);
    const reasons = Object.fromEntries(by_hand.map(({ path, reason }) => [path, reason]));
    expect(Object.keys(reasons).sort()).toEqual(Object.keys(files).sort());
    expect(reasons['other-key.yaml']).toMatch(/^line 8: .* none of 1 recovery keys/);
    expect(reasons['template.yaml']).toMatch(/^line \d+: spec\.template\.data\.url/);
    expect(reasons['chart.yaml']).toMatch(/^line 2/);
    expect(reasons['version.yaml']).toMatch(/^line 1: .*v1beta1/);
    for (const [name, text] of Object.entries(files)) expect(w.read(name)).toBe(text);
  });

  it('leaves a file whose rule would hide what Kubernetes must read', () => {
    const { w, key } = repository({
      '.sops.yaml': `creation_rules:\n  - age: ${RECIPIENT_1}\n`,
    });
    const outcome = run(w, ...key, '--yes', '--json');
    expect(outcome.status).toBe(1);
    const { by_hand } = asPlan(outcome);
    expect(by_hand.map(({ path }) => path)).toEqual(['apps/db-sealed.yaml', 'apps/more.yaml']);
    expect(by_hand[0]?.reason).toContain('creation rule 1 encrypts other keys');
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it.each([
    ['no recovery key', AGE],
    ['a recovery key that is missing', [...AGE, '--recovery-private-key', 'none.key']],
    ['two folders', [...AGE, '--recovery-private-key', '../sealing.key', 'a', 'b']],
  ])('%s is exit 2, and nothing is written', (_, args) => {
    const { w } = repository();
    expect(run(w, ...args)).toMatchObject({ status: 2, stdout: '' });
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it('names the keys that are missing where nobody is named to read the files', () => {
    const { w, key } = repository();
    const outcome = run(w, ...key, '--yes');
    expect(outcome).toMatchObject({ status: 2, stdout: '' });
  });
});
