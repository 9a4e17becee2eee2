import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { blobsOf, formsOf } from './canary.ts';
import { exampleRepository } from './example-repositories.ts';
import type { Outcome } from './program.ts';
import { RECIPIENT_1 } from './recipients.ts';
import { tidelockBeside } from './run-beside.ts';
import type { Workspace } from './workspace.ts';

/** Where the values are: fakes, or the real servers. */
export interface StoresSubject {
  /** With credentials for both, and AWS_REGION eu-west-1. */
  readonly env: Readonly<Record<string, string>>;
  readonly vaultAddress: string;
  putSecret(name: string, content: string | Uint8Array): Promise<void>;
  /** Below `/v1/`: mounts `kv1/` (version 1) and `secret/` (version 2) exist. */
  putVault(path: string, values: object): Promise<void>;
}

export const externalSecret = (name: string, spec: string, version = 'v1'): string =>
  `apiVersion: external-secrets.io/${version}\nkind: ExternalSecret\nmetadata:\n  name: ${name}\nspec:\n  refreshInterval: 1h\n${spec.replace(/^/gm, '  ')}\n`;
export const store = (name: string, provider: string, kind = 'SecretStore'): string =>
  `apiVersion: external-secrets.io/v1\nkind: ${kind}\nmetadata:\n  name: ${name}\nspec:\n  provider:\n${provider.replace(/^/gm, '    ')}\n`;

export const AWS_STORE = store(
  'aws',
  'aws:\n  service: SecretsManager\n  region: eu-west-1\n  role: arn:aws:iam::123456789012:role/reader',
);
export const vaultStore = (
  server: string,
  { name = 'vault', version = 'v2', path = 'secret' } = {},
): string =>
  store(
    name,
    `vault:\n  server: ${server}\n  path: ${path}\n  version: ${version}\n  auth:\n    kubernetes:\n      mountPath: kubernetes\n      role: apps`,
  );

const SETTINGS =
  'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata:\n  LOG_LEVEL: info\n';
const KUSTOMIZATION = `# what the shop is made of
resources:
  - stores.yaml
  - database.yaml   # the database
  - many.yaml
  - all.json
  - old.yaml
`;

function shop(vaultAddress: string): Workspace {
  return exampleRepository({
    'apps/kustomization.yaml': KUSTOMIZATION,
    'apps/stores.yaml': [
      AWS_STORE,
      vaultStore(vaultAddress),
      vaultStore(vaultAddress, { name: 'vault-old', version: 'v1', path: 'kv1' }),
    ].join('---\n'),
    'apps/database.yaml': externalSecret(
      'database',
      `secretStoreRef: {name: aws}
target:
  name: database-login
  immutable: true
  template:
    type: kubernetes.io/basic-auth
    metadata:
      labels: {team: shop}
      annotations: {note: "1"}
    data:
      username: "{{ .user }}"
      password: "{{ .pass | toString }}"
      url: postgres://{{ .user }}:{{.pass}}@db/shop
data:
  - secretKey: user
    remoteRef: {key: shop/database, property: user.name}
  - secretKey: pass
    remoteRef: {key: shop/database, property: pass.word}`,
    ),
    'apps/many.yaml': [
      '# three things\n',
      externalSecret(
        'token',
        'secretStoreRef: {name: vault, kind: SecretStore}\ndata:\n  - secretKey: token\n    remoteRef: {key: shop/token, property: value, version: "1"}\n  - secretKey: raw\n    remoteRef: {key: shop/binary, property: blob, decodingStrategy: Base64}',
        'v1beta1',
      ),
      SETTINGS,
      externalSecret(
        'legacy',
        'secretStoreRef: {name: vault-old}\ndataFrom:\n  - extract: {key: shop/legacy}',
      ),
    ].join('---\n'),
    'apps/all.json': JSON.stringify({
      apiVersion: 'external-secrets.io/v1',
      kind: 'ExternalSecret',
      metadata: { name: 'all', labels: { app: 'shop' } },
      spec: {
        secretStoreRef: { name: 'aws' },
        dataFrom: [{ find: { path: 'all/', name: { regexp: 'key$' } } }],
        data: [{ secretKey: 'binary', remoteRef: { key: 'shop/blob' } }],
      },
    }),
    'apps/old.yaml': `apiVersion: kubernetes-client.io/v1
kind: ExternalSecret
metadata: {name: old, namespace: apps}
spec:
  backendType: secretsManager
  region: eu-west-1
  dataFrom: [shop/old]
  data:
    - {key: shop/database, name: login, property: user}
`,
  });
}

/** A value that YAML and templates could break, of which every form is looked for afterwards. */
const secretValue = () => `${randomBytes(9).toString('hex')}: "Zq"\n#{{ .x }} ✓`;

/** What `migrate external-secrets` does, whoever answers it. */
export function describeExternalSecrets(name: string, subject: () => StoresSubject): void {
  describe(`migrate external-secrets, from ${name}`, () => {
    const migrate = (w: Workspace, ...args: string[]) =>
      tidelockBeside(['migrate', 'external-secrets', '--age', RECIPIENT_1, ...args], {
        cwd: w.folder,
        env: { ...w.env, ...subject().env },
      });

    it('writes an encrypted Secret in the place of each, with every value as the operator has it', async () => {
      const { putSecret, putVault, vaultAddress } = subject();
      const w = shop(vaultAddress);
      const secrets = Array.from({ length: 8 }, secretValue);
      const [
        pass = '',
        token = '',
        legacy = '',
        one = '',
        two = '',
        old = '',
        raw = '',
        user = '',
      ] = secrets;
      const bytes = Buffer.concat([Buffer.from([0, 255, 254]), Buffer.from(raw)]);
      await putSecret('shop/database', JSON.stringify({ user: { name: user }, 'pass.word': pass }));
      await putSecret('shop/blob', bytes);
      await putSecret('all/one-key', one);
      await putSecret('all/two/key', two);
      await putSecret('all/other', 'not looked for');
      await putSecret('shop/old', JSON.stringify({ a: old, port: 5432.1, list: [1, 'x'] }));
      await putVault('secret/data/shop/token', { value: token });
      await putVault('secret/data/shop/token', { value: 'a later version' });
      await putVault('secret/data/shop/binary', { blob: bytes.toString('base64') });
      await putVault('kv1/shop/legacy', { password: legacy, port: 5432, on: true });
      const plan = await migrate(w);
      expect(plan.status, plan.stderr).toBe(1);
      expect(w.git('status', '--porcelain').stdout).toBe('');
      const done = await migrate(w, '--yes');
      expect(done, done.stdout + done.stderr).toMatchObject({ status: 0 });
      w.git('add', '-A');
      w.git('commit', '-qm', 'moved');
      expect(w.git('status', '--porcelain').stdout).toBe('');
      requireNowhere(w, secrets, plan, done);

      expect(opened(w, 'apps/database.yaml')).toEqual({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'database-login', labels: { team: 'shop' }, annotations: { note: '1' } },
        type: 'kubernetes.io/basic-auth',
        immutable: true,
        stringData: {
          username: user,
          password: pass,
          url: `postgres://${user}:${pass}@db/shop`,
        },
      });
      expect(opened(w, 'apps/token.secret.yaml')).toMatchObject({
        metadata: { name: 'token' },
        data: { raw: bytes.toString('base64') },
        stringData: { token },
      });
      expect(opened(w, 'apps/legacy.secret.yaml')).toMatchObject({
        stringData: { password: legacy, port: '5432', on: 'true' },
      });
      expect(opened(w, 'apps/all.json')).toMatchObject({
        metadata: { name: 'all', labels: { app: 'shop' } },
        data: { binary: bytes.toString('base64') },
        stringData: { 'all_one-key': one, all_two_key: two },
      });
      expect(opened(w, 'apps/old.yaml')).toMatchObject({
        metadata: { name: 'old', namespace: 'apps' },
        stringData: {
          a: old,
          port: '5432.1',
          list: '[1,"x"]',
          login: JSON.stringify({ name: user }),
        },
      });
      expect(w.read('apps/many.yaml')).toBe(SETTINGS);
      expect(w.read('apps/kustomization.yaml')).toBe(
        KUSTOMIZATION.replace(
          '  - many.yaml\n',
          '  - many.yaml\n  - token.secret.yaml\n  - legacy.secret.yaml\n',
        ),
      );
      const checked = w.tidelock(['check', '--verify']);
      expect(checked, checked.stdout).toMatchObject({ status: 0 });
      expect(checked.stdout).not.toMatch(/ {2}(?:error|warning) {2}/);
      expect(w.tidelock(['scan'])).toMatchObject({ status: 0 });
      expect((await migrate(w)).stderr).toContain('nothing to move');
    });
  });
}

/** In no form in any object of the last commit, nor in what was said. */
export function requireNowhere(w: Workspace, secrets: readonly string[], ...said: Outcome[]): void {
  const forms = secrets.flatMap((secret) => [...formsOf(secret), ...formsOf(secret.slice(0, 18))]);
  const blobs = blobsOf(w, 'HEAD');
  expect(blobs.length).toBeGreaterThan(1);
  for (const form of forms) {
    for (const blob of blobs) expect(blob.includes(form)).toBe(false);
    for (const { stdout, stderr } of said) expect(stdout + stderr).not.toContain(form);
  }
}

/** The manifest as the cluster gets it. */
export function opened(w: Workspace, path: string): unknown {
  const outcome = w.tidelock(['decrypt', '--output-type', 'json', path]);
  expect(outcome, outcome.stderr).toMatchObject({ status: 0 });
  return JSON.parse(outcome.stdout);
}
