import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startAwsKms } from '../fakes/aws-kms.ts';
import { startAzureIdentity } from '../fakes/azure-identity.ts';
import { startAzureKeyVault } from '../fakes/azure-key-vault.ts';
import { makeCertificate } from '../fakes/certificate.ts';
import type { FakeOptions, Fault, JournalEntry } from '../fakes/fake-server.ts';
import { startGcpKms } from '../fakes/gcp-kms.ts';
import { startVaultTransit } from '../fakes/vault-transit.ts';

/** A cloud's fake, and how the command is told of it. */
export interface Cloud {
  readonly journal: JournalEntry[];
  readonly faults: Fault[];
  /** What the command needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The key of that name as `.sops.yaml` and flags spell it. */
  keyText(name: string): string;
  disable(name: string): void;
  enable(name: string): void;
  /** A new version of the key, where its name holds the version. */
  renew(name: string): void;
  /** Faults in the words of this service. */
  readonly throttled: Fault;
  readonly expired: Fault;
  /** What no message may ever hold. */
  readonly credentials: readonly string[];
  close(): Promise<void>;
}

export interface CloudKind {
  readonly name: string;
  readonly flag: string;
  /** Of a creation rule. */
  readonly field: string;
  /** What the journal calls the two calls. */
  readonly wrap: string;
  readonly unwrap: string;
  start(options?: FakeOptions): Promise<Cloud>;
}

export const AWS_ACCOUNT = '123456789012';

export const AWS: CloudKind = {
  name: 'AWS KMS',
  flag: '--kms',
  field: 'kms',
  wrap: 'Encrypt',
  unwrap: 'Decrypt',
  async start(options) {
    const fake = await startAwsKms(options);
    const keyText = (name: string) => `arn:aws:kms:eu-west-1:${AWS_ACCOUNT}:key/${name}`;
    const secret = 'example-secret-access-key';
    const env = {
      AWS_ENDPOINT_URL: fake.url,
      AWS_ACCESS_KEY_ID: 'example-access-key',
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_SESSION_TOKEN: 'example-session-token',
    };
    return {
      ...fake,
      env,
      keyText,
      disable: (name) => fake.disable(keyText(name)),
      enable: (name) => fake.enable(keyText(name)),
      renew: () => undefined,
      throttled: { kind: 'error', name: 'ThrottlingException' },
      expired: { kind: 'error', name: 'ExpiredTokenException' },
      credentials: [secret, env.AWS_SESSION_TOKEN],
    };
  },
};

export const GCP: CloudKind = {
  name: 'GCP KMS',
  flag: '--gcp-kms',
  field: 'gcp_kms',
  wrap: 'encrypt',
  unwrap: 'decrypt',
  async start(options) {
    const fake = await startGcpKms(options);
    const keyText = (name: string) => `projects/p/locations/global/keyRings/r/cryptoKeys/${name}`;
    return {
      ...fake,
      env: { SOPS_GCP_KMS_ENDPOINT: fake.url, GOOGLE_OAUTH_ACCESS_TOKEN: fake.token },
      keyText,
      disable: (name) => fake.disable(keyText(name)),
      enable: (name) => fake.enable(keyText(name)),
      renew: () => undefined,
      throttled: { kind: 'error', name: 'RESOURCE_EXHAUSTED', status: 429 },
      expired: { kind: 'error', name: 'UNAUTHENTICATED', status: 401 },
      credentials: [fake.token],
    };
  },
};

export const AZURE: CloudKind = {
  name: 'Azure Key Vault',
  flag: '--azure-kv',
  field: 'azure_keyvault',
  wrap: 'encrypt',
  unwrap: 'decrypt',
  async start(options) {
    const tls = makeCertificate();
    const folder = mkdtempSync(join(tmpdir(), 'tidelock-azure-'));
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, tls.cert);
    const fake = await startAzureKeyVault({ ...options, tls });
    const identity = await startAzureIdentity(fake.token);
    const versions = new Map<string, string>();
    const keyText = (name: string) => {
      const version = versions.get(name) ?? fake.rotate(name);
      versions.set(name, version);
      return `${fake.url}/keys/${name}/${version}`;
    };
    return {
      ...fake,
      env: {
        NODE_EXTRA_CA_CERTS: ca,
        IDENTITY_ENDPOINT: identity.url,
        IDENTITY_HEADER: identity.header,
        TIDELOCK_AZURE_TRUSTED_HOSTS: new URL(fake.url).host,
      },
      keyText,
      disable: (name) => fake.disable(name),
      enable: (name) => fake.enable(name),
      renew: (name) => void versions.set(name, fake.rotate(name)),
      throttled: { kind: 'status', status: 429, retryAfter: '0' },
      expired: { kind: 'status', status: 401 },
      credentials: [fake.token, identity.header],
      async close() {
        await Promise.all([fake.close(), identity.close()]);
        rmSync(folder, { recursive: true, force: true });
      },
    };
  },
};

export const VAULT: CloudKind = {
  name: 'Vault transit',
  flag: '--hc-vault-transit',
  field: 'hc_vault_transit_uri',
  wrap: 'encrypt',
  unwrap: 'decrypt',
  async start(options) {
    const fake = await startVaultTransit(options);
    const keyText = (name: string) => `${fake.url}/v1/transit/keys/${name}`;
    return {
      ...fake,
      env: { VAULT_TOKEN: fake.token },
      keyText,
      disable: (name) => fake.disable(`transit/${name}`),
      enable: (name) => fake.enable(`transit/${name}`),
      renew: () => undefined,
      throttled: { kind: 'status', status: 429, retryAfter: '0' },
      expired: { kind: 'error', name: 'permission denied', status: 403 },
      credentials: [fake.token],
    };
  },
};

export const CLOUDS: readonly CloudKind[] = [AWS, GCP, AZURE, VAULT];
