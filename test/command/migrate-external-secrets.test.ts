import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { exampleRepository, MANIFEST } from '../support/example-repositories.ts';
import {
  AWS_STORE,
  describeExternalSecrets,
  externalSecret,
  opened,
  store,
  vaultStore,
} from '../support/external-secrets-contract.ts';
import type { Outcome } from '../support/program.ts';
import { type PublishFakes, startPublishFakes } from '../support/publish-fakes.ts';
import { RECIPIENT_1 } from '../support/recipients.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import type { Workspace } from '../support/workspace.ts';

let fakes: PublishFakes;
const calls = () => [...fakes.kv.journal, ...fakes.secrets.journal];

beforeAll(async () => {
  fakes = await startPublishFakes();
});
afterAll(() => fakes.close());
beforeEach(() => {
  for (const fake of [fakes.kv, fakes.secrets]) {
    fake.journal.length = 0;
    fake.faults.length = 0;
  }
});

describeExternalSecrets('fakes', () => ({
  env: fakes.env,
  vaultAddress: fakes.vaultAddress,
  putSecret: async (name, content) => fakes.secrets.put(name, content),
  putVault: async (path, values) => fakes.kv.put(path, values),
}));

interface Plan {
  readonly applied: boolean;
  readonly secrets: readonly { path: string; name: string; namespace: string | null }[];
  readonly by_hand: readonly { path: string; line: number; object: string; reason: string }[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}
const asPlan = ({ stdout }: Outcome): Plan => JSON.parse(stdout) as Plan;

async function migrate(
  w: Workspace,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const outcome = await tidelockBeside(
    ['migrate', 'external-secrets', '--age', RECIPIENT_1, ...args],
    { cwd: w.folder, env: { ...w.env, ...fakes.env, ...env } },
  );
  expect(outcome.stderr + outcome.stdout).not.toContain('ERR_INTERNAL');
  expect(outcome.stderr + outcome.stdout).not.toContain(fakes.kv.token);
  return outcome;
}

const ONE = 'data:\n  - secretKey: a\n    remoteRef: {key: shop/one}';
const fromAws = (rest = ONE) => `secretStoreRef: {name: aws}\n${rest}`;
const fromVault = (rest = ONE) => `secretStoreRef: {name: vault}\n${rest}`;
const kustomization = (...lines: string[]) => `${lines.join('\n')}\n`;
/** What is left to a person, as `path: reason`. */
const left = (plan: Plan) => plan.by_hand.map(({ path, reason }) => `${path}: ${reason}`);

describe('migrate external-secrets', () => {
  it.each<[said: string, files: Record<string, string>]>([
    ['reads from gcpsm', { 'e.yaml': externalSecret('e', 'secretStoreRef: {name: g}\n' + ONE) }],
    [
      'ParameterStore of AWS',
      { 'e.yaml': externalSecret('e', 'secretStoreRef: {name: p}\n' + ONE) },
    ],
    [
      'SecretStore nowhere is not in this',
      { 'e.yaml': externalSecret('e', 'secretStoreRef: {name: nowhere}\n' + ONE) },
    ],
    [
      'computes url',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws('target: {template: {data: {url: "{{ .a | upper }}"}}}\n' + ONE),
        ),
      },
    ],
    [
      'computes a',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws('target: {template: {engineVersion: v1, data: {a: "{{ .a }}"}}}\n' + ONE),
        ),
      },
    ],
    [
      'another object (templateFrom)',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws('target: {template: {templateFrom: [{configMap: {name: c}}]}}\n' + ONE),
        ),
      },
    ],
    [
      'creationPolicy: Merge',
      { 'e.yaml': externalSecret('e', fromAws('target: {creationPolicy: Merge}\n' + ONE)) },
    ],
    [
      'creationPolicy: None',
      { 'e.yaml': externalSecret('e', fromAws('target: {creationPolicy: None}\n' + ONE)) },
    ],
    [
      'from a generator',
      {
        'e.yaml': externalSecret(
          'e',
          'dataFrom:\n  - sourceRef: {generatorRef: {kind: Password, name: p}}',
        ),
      },
    ],
    [
      'dataFrom.rewrite',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws(
            'dataFrom:\n  - extract: {key: a}\n    rewrite: [{regexp: {source: a, target: b}}]',
          ),
        ),
      },
    ],
    [
      'key is a variable',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws('data:\n  - secretKey: a\n    remoteRef: {key: "$(ENV)/one"}'),
        ),
      },
    ],
    [
      'metadataPolicy: Fetch',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws('data:\n  - secretKey: a\n    remoteRef: {key: x, metadataPolicy: Fetch}'),
        ),
      },
    ],
    [
      'decodingStrategy has a value',
      {
        'e.yaml': externalSecret(
          'e',
          fromAws('data:\n  - secretKey: a\n    remoteRef: {key: x, decodingStrategy: Rot13}'),
        ),
      },
    ],
    ['external-secrets.io/v2 is not known', { 'e.yaml': externalSecret('e', fromAws(), 'v2') }],
    ['it reads nothing', { 'e.yaml': externalSecret('e', 'secretStoreRef: {name: aws}') }],
    [
      'an item of a list',
      {
        'e.yaml': `apiVersion: v1\nkind: List\nitems:\n${externalSecret('e', fromAws()).replace(/^/gm, '    ').replace(/^ {4}/, '  - ')}`,
      },
    ],
    [
      'is a template or does not parse',
      {
        'e.yaml':
          'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  {{- include "labels" . }}\n',
      },
    ],
    [
      'Helm renders its folder',
      { 'c/Chart.yaml': 'name: c\n', 'c/templates/e.yaml': externalSecret('e', fromAws()) },
    ],
    [
      'a.secret.yaml, where its Secret would be, is there already',
      {
        'a.secret.yaml': 'x: 1\n',
        'e.yaml': `${externalSecret('a', fromAws())}---\nkind: ConfigMap\napiVersion: v1\n`,
      },
    ],
    [
      'is made by e.yaml too',
      { 'd.yaml': externalSecret('e', fromAws()), 'e.yaml': externalSecret('e', fromAws()) },
    ],
    [
      'is made by s.yaml too',
      {
        's.yaml': MANIFEST('e').replace('  namespace: apps\n', ''),
        'e.yaml': externalSecret('e', fromAws()),
      },
    ],
    [
      'a patch in over/kustomization.yaml changes it',
      {
        'base/kustomization.yaml': 'resources: [e.yaml]\n',
        'base/e.yaml': externalSecret('e', fromAws()),
        'over/kustomization.yaml': kustomization(
          'resources: [../base]',
          'patches:',
          '  - target: {kind: ExternalSecret}',
          '    patch: |-',
          '      - {op: replace, path: /spec/data/0/remoteRef/key, value: prod/one}',
        ),
      },
    ],
    [
      'a patch in over/kustomization.yaml changes it',
      {
        'base/kustomization.yaml': 'resources: [e.yaml]\n',
        'base/e.yaml': externalSecret('e', fromAws()),
        'over/kustomization.yaml': kustomization(
          'resources: [../base]',
          'patches: [{path: p.yaml}]',
        ),
        'over/p.yaml': externalSecret('e', 'data: []'),
      },
    ],
    [
      'prefix or suffix',
      {
        'kustomization.yaml': kustomization('namePrefix: shop-', 'resources: [e.yaml]'),
        'e.yaml': externalSecret('e', fromAws('target: {name: other}\n' + ONE)),
      },
    ],
    [
      'labels in the cluster decide',
      {
        'e.yaml': `apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: e}\nspec:\n  namespaceSelector: {matchLabels: {team: shop}}\n  externalSecretSpec: {secretStoreRef: {name: aws}, data: [{secretKey: a, remoteRef: {key: x}}]}\n`,
      },
    ],
    [
      'the name is none that Kubernetes takes',
      { 'e.yaml': externalSecret('e', fromAws('target: {name: ../../x}\n' + ONE)) },
    ],
    [
      'reads from systemManager',
      {
        'e.yaml':
          'apiVersion: kubernetes-client.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec: {backendType: systemManager, data: [{key: a, name: b}]}\n',
      },
    ],
    [
      'template sets stringData',
      {
        'e.yaml':
          'apiVersion: kubernetes-client.io/v1\nkind: ExternalSecret\nmetadata: {name: e}\nspec: {backendType: secretsManager, template: {stringData: {a: b}}, data: [{key: a, name: b}]}\n',
      },
    ],
  ])('leaves to a person: %s', async (said, files) => {
    const w = exampleRepository({
      'stores.yaml': [
        AWS_STORE,
        store('g', 'gcpsm: {projectID: shop}'),
        store('p', 'aws: {service: ParameterStore, region: eu-west-1}'),
      ].join('---\n'),
      ...files,
    });
    const outcome = await migrate(w, ['--yes', '--json']);
    expect(outcome.status).toBe(1);
    expect(left(asPlan(outcome)).join('\n')).toContain(said);
    expect(asPlan(outcome).secrets).toEqual([]);
    expect(w.git('status', '--porcelain').stdout).toBe('');
    expect(calls()).toEqual([]);
  });

  it('leaves what is not committed, so that nothing is lost', async () => {
    const w = exampleRepository({
      'stores.yaml': AWS_STORE,
      'a.yaml': externalSecret('a', fromAws()),
    });
    w.write('a.yaml', `${w.read('a.yaml')}# a note\n`);
    w.write('b.yaml', externalSecret('b', fromAws()));
    const { by_hand } = asPlan(await migrate(w, ['--json', '--yes']));
    expect(by_hand.map(({ path, line, object }) => [path, line, object])).toEqual([
      ['a.yaml', 1, 'ExternalSecret a'],
      ['b.yaml', 1, 'ExternalSecret b'],
    ]);
    expect(by_hand[0]?.reason).toContain('commit it first');
    expect(w.read('a.yaml')).toContain('# a note');
  });

  it('says whom to name where nobody could read the Secrets', async () => {
    const w = exampleRepository({
      'stores.yaml': AWS_STORE,
      'a.yaml': externalSecret('a', fromAws()),
    });
    const outcome = w.tidelock(['migrate', 'external-secrets']);
    expect(outcome.status).toBe(2);
    expect(outcome.stderr).toContain('nobody is named who could read the files');
  });

  it('leaves a rule alone that would make the Secret unreadable for Kubernetes', async () => {
    fakes.secrets.put('shop/one', 'example-value-one');
    const w = exampleRepository({
      '.sops.yaml': `creation_rules:\n  - age: ${RECIPIENT_1}\n`,
      'stores.yaml': AWS_STORE,
      'a.yaml': externalSecret('a', fromAws()),
    });
    const outcome = await migrate(w, ['--yes']);
    expect(outcome.status).toBe(1);
    expect(outcome.stdout).toContain('creation rule 1 encrypts other keys than data');
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it('takes apart a file in which others stand, in flow style and with Windows line ends too', async () => {
    fakes.secrets.put('shop/one', 'example-value-one');
    const two = `${externalSecret('a', fromAws())}---\n${externalSecret('b', fromAws())}`;
    const w = exampleRepository({
      'stores.yaml': AWS_STORE,
      'x/both.yaml': two,
      'x/kustomization.yaml': 'resources: [./both.yaml, "../stores.yaml"]\n',
      'y/both.yaml': `${two}---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\n`.replaceAll(
        '\n',
        '\r\n',
      ),
      'y/kustomization.yaml': 'resources:\r\n- both.yaml\r\n',
    });
    const outcome = await migrate(w, ['--yes', '--json']);
    expect(outcome.status, outcome.stdout + outcome.stderr).toBe(0);
    expect(asPlan(outcome)).toMatchObject({
      changed: ['x/kustomization.yaml', 'y/kustomization.yaml', 'y/both.yaml'],
      removed: ['x/both.yaml'],
    });
    expect(w.read('x/kustomization.yaml')).toBe(
      `resources: ['./a.secret.yaml', './b.secret.yaml', "../stores.yaml"]\n`,
    );
    expect(w.read('y/kustomization.yaml')).toBe(
      'resources:\r\n- both.yaml\r\n- a.secret.yaml\r\n- b.secret.yaml\r\n',
    );
    expect(w.read('y/both.yaml')).toBe(
      'apiVersion: v1\r\nkind: ConfigMap\r\nmetadata: {name: c}\r\n',
    );
    expect(w.git('status', '--porcelain', 'x/both.yaml').stdout).toBe(' D x/both.yaml\n');
    expect(w.tidelock(['check']).status).toBe(0);
  });

  it('makes a Secret for each namespace that a ClusterExternalSecret names', async () => {
    fakes.secrets.put('shop/one', 'example-value-one');
    const w = exampleRepository({
      'stores.yaml': AWS_STORE.replaceAll('SecretStore', 'ClusterSecretStore'),
      'e.yaml':
        'apiVersion: external-secrets.io/v1\nkind: ClusterExternalSecret\nmetadata: {name: pull}\nspec:\n  externalSecretName: registry\n  namespaces: [one]\n  namespaceSelectors:\n    - matchLabels: {kubernetes.io/metadata.name: two}\n  externalSecretSpec:\n    secretStoreRef: {name: aws, kind: ClusterSecretStore}\n    data: [{secretKey: a, remoteRef: {key: shop/one}}]\n',
    });
    const outcome = await migrate(w, ['--yes', '--json']);
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(asPlan(outcome).secrets).toMatchObject([
      { path: 'registry.one.secret.yaml', name: 'registry', namespace: 'one' },
      { path: 'registry.two.secret.yaml', name: 'registry', namespace: 'two' },
    ]);
    expect(opened(w, 'registry.two.secret.yaml')).toMatchObject({
      metadata: { name: 'registry', namespace: 'two' },
      stringData: { a: 'example-value-one' },
    });
  });

  it('searches Vault below a path, and reads by namespace', async () => {
    fakes.kv.put('secret/data/team/a/key', { v: 'example-one' });
    fakes.kv.put('secret/data/team/key', { v: 'example-two' });
    fakes.kv.put('secret/data/other/key', { v: 'example-three' });
    const w = exampleRepository({
      'stores.yaml': vaultStore(fakes.vaultAddress).replace(
        /^ *path:/m,
        '      namespace: shop\n$&',
      ),
      'e.yaml': externalSecret(
        'e',
        fromVault('dataFrom:\n  - find: {path: team, name: {regexp: key}}'),
      ),
    });
    fakes.kv.namespaces.length = 0;
    const outcome = await migrate(w, ['--yes']);
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(opened(w, 'e.yaml')).toMatchObject({
      stringData: { team_a_key: '{"v":"example-one"}', team_key: '{"v":"example-two"}' },
    });
    expect(new Set(fakes.kv.namespaces)).toEqual(new Set(['shop']));
  });
});

describe('a manifest decides neither who receives a token nor what is taken', () => {
  const withServer = (server: string) =>
    exampleRepository({
      'stores.yaml': vaultStore(server),
      'e.yaml': externalSecret('e', fromVault('dataFrom:\n  - extract: {key: shop/v}')),
    });

  it.each<[said: string, server: string, env: Record<string, string>]>([
    ['is not on the allow-list', 'fake', { CI: 'true' }],
    ['is not on the allow-list', 'fake', { SOPS_HC_VAULT_ALLOWLIST: 'https://vault.example.com' }],
    ['is not on the allow-list', 'fake', { TIDELOCK_KMS_ALLOWLIST: 'https://vault.example.com' }],
    ['VAULT_ADDR names another Vault', 'fake', { VAULT_ADDR: 'https://vault.example.com' }],
    [
      'VAULT_ADDR names another Vault',
      'https://vault.example.com',
      { VAULT_ADDR: 'https://vault.example.org' },
    ],
    ['malformed', 'http://user@127.0.0.1', {}],
    ['malformed', 'ftp://127.0.0.1', {}],
    ['malformed', 'http://127.0.0.1/?x=', {}],
  ])('%s: %s %o', async (said, server, env) => {
    const w = withServer(server === 'fake' ? fakes.vaultAddress : server);
    const outcome = await migrate(w, ['--yes', '--json'], env);
    expect(left(asPlan(outcome)).join()).toContain(said);
    expect(calls()).toEqual([]);
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it.each<[server: string, env: (address: string) => Record<string, string>]>([
    ['fake', (address) => ({ CI: 'true', TIDELOCK_KMS_ALLOWLIST: address })],
    ['fake', (address) => ({ CI: 'true', VAULT_ADDR: address })],
    ['http://vault.vault.svc:8200', (address) => ({ VAULT_ADDR: address })],
    ['http://vault:8200', (address) => ({ CI: 'true', VAULT_ADDR: `${address}/` })],
  ])('reads %s where it is named by who runs it', async (server, env) => {
    fakes.kv.put('secret/data/shop/v', { a: 'example-value' });
    const w = withServer(server === 'fake' ? fakes.vaultAddress : server);
    const outcome = await migrate(w, ['--yes'], env(fakes.vaultAddress));
    expect(outcome.status, outcome.stdout).toBe(0);
    expect(opened(w, 'e.yaml')).toMatchObject({ stringData: { a: 'example-value' } });
  });

  it.each<[said: string, change: (text: string) => string, env: Record<string, string>]>([
    [
      'and its store reads from 999999999999',
      (text) => text.replace('123456789012', '999999999999'),
      {},
    ],
    ['account 123456789012 is not on the allow-list', (text) => text, { CI: 'true' }],
    ['a region is none of AWS', (text) => text.replace('eu-west-1', 'evil.example/'), {}],
  ])('takes nothing from elsewhere: %s', async (said, change, env) => {
    fakes.secrets.put('shop/one', 'example-value-one');
    const w = exampleRepository({
      'stores.yaml': change(AWS_STORE),
      'e.yaml': externalSecret('e', fromAws()),
    });
    const outcome = await migrate(w, ['--yes', '--json'], env);
    expect(outcome.stdout).toContain(said);
    expect(outcome.stdout).not.toContain('example-value-one');
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it('goes nowhere else by dots in a key', async () => {
    const w = exampleRepository({
      'stores.yaml': vaultStore(fakes.vaultAddress),
      'e.yaml': externalSecret('e', fromVault('dataFrom:\n  - extract: {key: ../../sys/config}')),
    });
    expect((await migrate(w, ['--yes'])).stdout).toContain('the path of a secret is malformed');
    expect(calls()).toEqual([]);
  });

  it('prints no control character of a manifest', async () => {
    const w = exampleRepository({
      'stores.yaml': AWS_STORE,
      'e.yaml': externalSecret(
        'e',
        fromAws('data:\n  - secretKey: a\n    remoteRef: {key: "x\\e[31m\\u202e"}'),
      ),
    });
    const outcome = await migrate(w);
    expect(outcome.stdout).toContain('[31m');
    expect(outcome.stdout).not.toMatch(/[\u001b\u202e]/);
  });
});

describe('what a store answers', () => {
  it.each<[said: string, content: string, reference: string]>([
    ['is no JSON object', 'example-plain-text', '{key: shop/one, property: a}'],
    ['has no property b', '{"a": "example-plain-text"}', '{key: shop/one, property: b}'],
    [
      'is null in the store',
      '{"a": null, "b": "example-plain-text"}',
      '{key: shop/one, property: a}',
    ],
    ['is not in Base64', 'example-plain-text', '{key: shop/one, decodingStrategy: Base64}'],
    ['have more than 1 MiB', 'example-plain-text'.repeat(60_000), '{key: shop/one}'],
  ])('that is not what the manifest says leaves it: %s', async (said, content, reference) => {
    fakes.secrets.put('shop/one', content);
    const w = exampleRepository({
      'stores.yaml': AWS_STORE,
      'e.yaml': externalSecret(
        'e',
        fromAws(`data:\n  - secretKey: a\n    remoteRef: ${reference}`),
      ),
    });
    const outcome = await migrate(w, ['--yes']);
    expect(outcome).toMatchObject({ status: 1 });
    expect(outcome.stdout).toContain(said);
    expect(outcome.stdout + outcome.stderr).not.toContain('example-plain');
    expect(w.git('status', '--porcelain').stdout).toBe('');
  });

  it('keeps digits, and writes numbers on the way of a path as the operator does', async () => {
    fakes.secrets.put(
      'shop/one',
      '{"big": 12345678901234567890, "deep": {"half": 0.50, "list": ["x", true]}}',
    );
    const w = exampleRepository({
      'stores.yaml': AWS_STORE,
      'e.yaml': externalSecret(
        'e',
        fromAws(
          'dataFrom:\n  - extract: {key: shop/one}\ndata:\n  - secretKey: half\n    remoteRef: {key: shop/one, property: deep.half}\n  - secretKey: first\n    remoteRef: {key: shop/one, property: deep.list.0}',
        ),
      ),
    });
    expect((await migrate(w, ['--yes'])).status).toBe(0);
    expect(opened(w, 'e.yaml')).toMatchObject({
      stringData: {
        big: '12345678901234567890',
        deep: '{"half": 0.50, "list": ["x", true]}',
        half: '0.5',
        first: 'x',
      },
    });
    expect(fakes.secrets.journal).toHaveLength(1);
  });

  it('may come late, and one that does not come holds up no other', async () => {
    fakes.secrets.put('shop/one', 'example-value-one');
    fakes.secrets.faults.push({ kind: 'status', status: 503 }, { kind: 'cut' });
    const w = exampleRepository({
      'stores.yaml': [AWS_STORE, vaultStore(fakes.vaultAddress)].join('---\n'),
      'a.yaml': externalSecret('a', fromAws()),
      'b.yaml': externalSecret('b', fromVault()),
    });
    fakes.kv.faults.push({ kind: 'status', status: 403 });
    const outcome = await migrate(w, ['--yes', '--json']);
    expect(outcome.status).toBe(1);
    expect(asPlan(outcome).secrets.map(({ path }) => path)).toEqual(['a.yaml']);
    expect(left(asPlan(outcome)).join()).toContain('Vault denies permission (403). The token');
    expect(w.read('b.yaml')).toBe(externalSecret('b', fromVault()));
    expect(w.read('.sops.yaml')).not.toContain('b\\.yaml');
  });
});
