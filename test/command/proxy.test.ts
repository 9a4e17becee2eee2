import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startAwsKms } from '../fakes/aws-kms.ts';
import { startAzureIdentity } from '../fakes/azure-identity.ts';
import { startAzureKeyVault } from '../fakes/azure-key-vault.ts';
import { makeCertificate } from '../fakes/certificate.ts';
import type { FakeOptions, FakeServer } from '../fakes/fake-server.ts';
import { startGcpKms } from '../fakes/gcp-kms.ts';
import { type ProxyFake, startProxy } from '../fakes/proxy.ts';
import { startVaultTransit } from '../fakes/vault-transit.ts';
import { tidelockBeside } from '../support/run-beside.ts';
import { makeWorkspace, type Workspace } from '../support/workspace.ts';

interface Behind {
  readonly name: string;
  readonly host: string;
  readonly args: (version: string) => readonly string[];
  readonly start: (options: FakeOptions) => Promise<{
    readonly fake: FakeServer;
    readonly env: Readonly<Record<string, string>>;
    readonly version?: string;
    readonly close?: () => Promise<void>;
  }>;
}

const BEHIND: readonly Behind[] = [
  {
    name: 'AWS KMS',
    host: 'kms.eu-west-1.amazonaws.com',
    args: () => ['--kms', 'arn:aws:kms:eu-west-1:123456789012:key/k'],
    async start(options) {
      const env = { AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' };
      return { fake: await startAwsKms(options), env };
    },
  },
  {
    name: 'GCP KMS',
    host: 'cloudkms.googleapis.com',
    args: () => ['--gcp-kms', 'projects/p/locations/global/keyRings/r/cryptoKeys/k'],
    async start(options) {
      const fake = await startGcpKms(options);
      return { fake, env: { GOOGLE_OAUTH_ACCESS_TOKEN: fake.token } };
    },
  },
  {
    name: 'Azure Key Vault',
    host: 'team.vault.azure.net',
    args: (version) => ['--azure-kv', `https://team.vault.azure.net/keys/k/${version}`],
    async start(options) {
      const fake = await startAzureKeyVault(options);
      const identity = await startAzureIdentity(fake.token);
      const env = {
        IDENTITY_ENDPOINT: identity.url,
        IDENTITY_HEADER: identity.header,
        NO_PROXY: '127.0.0.1',
      };
      return { fake, env, version: fake.rotate('k'), close: identity.close };
    },
  },
  {
    name: 'Vault transit',
    host: 'vault.example.com',
    args: () => ['--hc-vault-transit', 'https://vault.example.com/v1/transit/keys/k'],
    async start(options) {
      const fake = await startVaultTransit(options);
      return { fake, env: { VAULT_TOKEN: fake.token } };
    },
  },
];

const tls = makeCertificate(BEHIND.map(({ host }) => host));
const folder = mkdtempSync(join(tmpdir(), 'tidelock-proxy-'));
const ca = join(folder, 'ca.pem');
let workspace: Workspace;

beforeAll(() => writeFileSync(ca, tls.cert));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(() => {
  workspace = makeWorkspace();
  workspace.write('a.yaml', 'password: example\n');
});

describe.each(BEHIND)('$name behind a proxy', ({ host, args, start }) => {
  async function encryptThrough(
    proxyOptions: { readonly refuses?: boolean },
    more: (proxy: ProxyFake) => Readonly<Record<string, string>>,
  ) {
    const { fake, env, version = '', close } = await start({ tls });
    const proxy = await startProxy(Number(new URL(fake.url).port), proxyOptions);
    try {
      const outcome = await tidelockBeside(['encrypt', ...args(version), 'a.yaml'], {
        cwd: workspace.folder,
        env: { ...workspace.env, NODE_EXTRA_CA_CERTS: ca, ...env, ...more(proxy) },
      });
      return { outcome, asked: proxy.asked, credentials: proxy.credentials, fake };
    } finally {
      await Promise.all([proxy.close(), fake.close(), close?.()]);
    }
  }

  it.each(['HTTPS_PROXY', 'https_proxy'])('is reached by %s, with its password', async (name) => {
    const { outcome, asked, credentials } = await encryptThrough({}, ({ url }) => ({
      [name]: url.replace('http://', 'http://me:example@'),
    }));
    expect(outcome.stderr).toBe('');
    expect(outcome.status).toBe(0);
    expect(asked).toEqual([`CONNECT ${host}:443`]);
    expect(credentials).toEqual([`Basic ${Buffer.from('me:example').toString('base64')}`]);
  });

  it('is said to be refused by the proxy, without its password', async () => {
    const { outcome, fake } = await encryptThrough({ refuses: true }, ({ url }) => ({
      HTTPS_PROXY: url.replace('http://', 'http://me:example-password@'),
    }));
    expect(outcome.status).toBe(1);
    expect(outcome.stderr).toContain('proxy');
    expect(outcome.stderr).not.toContain('example-password');
    expect(fake.journal).toEqual([]);
  });
});

describe('a Vault without TLS', () => {
  it('is reached by HTTP_PROXY, unless NO_PROXY names it', async () => {
    const proxy = await startProxy(9);
    try {
      const key = ['--hc-vault-transit', 'http://vault.invalid/v1/transit/keys/k'];
      const env = { ...workspace.env, VAULT_TOKEN: 'none', HTTP_PROXY: proxy.url };
      const run = (more: Record<string, string>) =>
        tidelockBeside(['encrypt', ...key, 'a.yaml'], {
          cwd: workspace.folder,
          env: { ...env, ...more },
        });
      expect((await run({})).stderr).toContain('Vault answered 502');
      expect(proxy.asked[0]).toBe('PUT http://vault.invalid/v1/transit/encrypt/k');
      const before = proxy.asked.length;
      expect((await run({ NO_PROXY: '.invalid' })).stderr).toContain('cannot be reached');
      expect(proxy.asked).toHaveLength(before);
    } finally {
      await proxy.close();
    }
  });
});
