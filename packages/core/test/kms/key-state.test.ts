import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsKmsFake, startAwsKms } from '../../../../test/fakes/aws-kms.ts';
import {
  type AzureKeyVaultFake,
  startAzureKeyVault,
} from '../../../../test/fakes/azure-key-vault.ts';
import type { FakeServer } from '../../../../test/fakes/fake-server.ts';
import { type GcpKmsFake, startGcpKms } from '../../../../test/fakes/gcp-kms.ts';
import { startVaultTransit, type VaultTransitFake } from '../../../../test/fakes/vault-transit.ts';
import type {
  AwsKmsKey,
  AzureKeyVaultKey,
  GcpKmsKey,
  VaultKey,
} from '../../src/document/metadata.ts';
import { createAllowList } from '../../src/kms/allow-list.ts';
import { createKeyStateAsker } from '../../src/kms/ask-key-state.ts';
import { awsKeyService } from '../../src/kms/aws.ts';
import { azureKeyService } from '../../src/kms/azure.ts';
import { gcpKeyService } from '../../src/kms/gcp.ts';
import { keyState } from '../../src/kms/key-state.ts';
import { vaultKeyService } from '../../src/kms/vault.ts';
import { awsWireClient } from './aws-wire-client.ts';
import { cloudOptions, connect } from './cloud-ports.ts';
import { expectFailure } from './contract.ts';

const NO_TROUBLE = { enc: '', createdAt: '' };
const SOON = new Date('2126-12-24T00:00:00Z');

let aws: AwsKmsFake;
let gcp: GcpKmsFake;
let azure: AzureKeyVaultFake;
let vault: VaultTransitFake;
const fakes = (): readonly FakeServer[] => [aws, gcp, azure, vault];

beforeAll(async () => {
  [aws, gcp, azure, vault] = await Promise.all([
    startAwsKms(),
    startGcpKms(),
    startAzureKeyVault(),
    startVaultTransit(),
  ]);
  // Made now: RSA keys take their time, and a call has only so much.
  for (const name of ['sound', 'off', 'ending', 'over', 'early']) azure.rotate(name);
});
afterAll(() => Promise.all(fakes().map((fake) => fake.close())));
beforeEach(() => {
  for (const fake of fakes()) {
    fake.journal.length = 0;
    fake.faults.length = 0;
  }
});

const awsKey = (id: string): AwsKmsKey => ({
  type: 'kms',
  arn: `arn:aws:kms:eu-west-1:123456789012:key/${id}`,
  role: '',
  context: new Map(),
  awsProfile: '',
  ...NO_TROUBLE,
});
const gcpKey = (name: string): GcpKmsKey => ({
  type: 'gcp_kms',
  resourceId: `projects/p/locations/global/keyRings/r/cryptoKeys/${name}`,
  ...NO_TROUBLE,
});
const azureKey = (name: string): AzureKeyVaultKey => ({
  type: 'azure_kv',
  vaultUrl: 'https://unit.vault.azure.net',
  name,
  version: '',
  ...NO_TROUBLE,
});
const vaultKey = (keyName: string): VaultKey => ({
  type: 'hc_vault',
  vaultAddress: vault.url,
  enginePath: 'transit',
  keyName,
  ...NO_TROUBLE,
});

const awsService = () =>
  awsKeyService({ ...cloudOptions({}), awsConnect: awsWireClient(() => aws.url) });
const gcpService = (token = gcp.token) =>
  gcpKeyService({
    ...cloudOptions({ SOPS_GCP_KMS_ENDPOINT: gcp.url }),
    accessToken: async () => token,
  });
const azureService = (token = azure.token) =>
  azureKeyService({
    ...cloudOptions(
      {},
      {
        connect: () => (request, signal) =>
          connect()(
            { ...request, url: request.url.replace(/^https:\/\/[^/]+/, azure.url) },
            signal,
          ),
      },
    ),
    accessToken: async () => token,
  });
const vaultService = (token = vault.token) => vaultKeyService(cloudOptions({ VAULT_TOKEN: token }));

const asks = {
  'AWS KMS': (name: string) => awsService().keyState(awsKey(name)),
  'GCP KMS': (name: string) => gcpService().keyState(gcpKey(name)),
  'Azure Key Vault': (name: string) => azureService().keyState(azureKey(name)),
  'Vault transit': (name: string) => vaultService().keyState(vaultKey(name)),
} as const;
const services = Object.entries(asks);
const operations = () => fakes().flatMap(({ journal }) => journal.map((one) => one.operation));

describe('the state of a key', () => {
  it.each(services)('of %s is asked by a call that uses no key', async (_, ask) => {
    expect(await ask('sound')).toMatchObject({ trouble: null, ends: null });
    // Under load a call may be repeated.
    const asked = [...new Set(operations())];
    expect(asked).toHaveLength(1);
    expect(['DescribeKey', 'get', 'keys']).toContain(asked[0]);
  });

  it.each(services)('that %s does not know is gone', async (_, ask) => {
    expect(await ask('missing')).toMatchObject({ trouble: { kind: 'gone' } });
  });

  it.each(services)('of %s is not known by an answer that is none', async (_, ask) => {
    for (const fake of fakes()) fake.faults.push({ kind: 'garbage' });
    await expectFailure(ask('sound'), 'ERR_KEY_UNWRAP');
  });

  it.each(services)('of %s is not known by a 404 of something in between', async (name, ask) => {
    if (name === 'AWS KMS') aws.faults.push({ kind: 'error', name: 'UnknownError', status: 404 });
    for (const fake of [gcp, azure, vault]) fake.faults.push({ kind: 'status', status: 404 });
    await expectFailure(ask('sound'), 'ERR_KEY_UNWRAP');
  });

  it.each([
    ['GCP KMS', () => gcpService('wrong').keyState(gcpKey('x'))],
    ['Azure Key Vault', () => azureService('wrong').keyState(azureKey('x'))],
    ['Vault transit', () => vaultService('wrong').keyState(vaultKey('x'))],
  ])('of %s is not known without the right to ask', async (_, ask) => {
    const { message, hint } = await expectFailure(ask(), 'ERR_KEY_UNWRAP');
    expect(`${message} ${hint}`).not.toContain('wrong');
  });

  it('of AWS names the permission that lacks', async () => {
    aws.faults.push({ kind: 'error', name: 'AccessDeniedException' });
    const { hint } = await expectFailure(asks['AWS KMS']('x'), 'ERR_KEY_UNWRAP');
    expect(hint).toContain('kms:DescribeKey');
  });

  it('is disabled, and is to be deleted on a day', async () => {
    aws.disable(awsKey('off').arn);
    gcp.disable(gcpKey('off').resourceId);
    azure.disable('off');
    for (const name of ['AWS KMS', 'GCP KMS', 'Azure Key Vault'] as const)
      expect(await asks[name]('off')).toMatchObject({ trouble: { kind: 'disabled' } });
    aws.scheduleDeletion(awsKey('dying').arn, SOON);
    gcp.scheduleDestruction(gcpKey('dying').resourceId, SOON);
    expect(await asks['AWS KMS']('dying')).toEqual(
      keyState({ trouble: { kind: 'pending-deletion', word: 'PendingDeletion' }, ends: SOON }),
    );
    expect(await asks['GCP KMS']('dying')).toEqual(
      keyState({ trouble: { kind: 'pending-deletion', word: 'DESTROY_SCHEDULED' }, ends: SOON }),
    );
  });

  it('of Azure has a beginning and an end', async () => {
    azure.setTimes('ending', { exp: SOON });
    expect(await asks['Azure Key Vault']('ending')).toEqual(keyState({ ends: SOON }));
    azure.setTimes('over', { exp: new Date('2020-01-01T00:00:00Z') });
    expect(await asks['Azure Key Vault']('over')).toMatchObject({ trouble: { kind: 'expired' } });
    azure.setTimes('early', { nbf: SOON });
    expect(await asks['Azure Key Vault']('early')).toMatchObject({ trouble: { kind: 'disabled' } });
  });

  it('of Vault has its versions', async () => {
    for (let i = 0; i < 3; i++) vault.rotate('transit/many');
    vault.openFrom('transit/many', 2);
    expect(await asks['Vault transit']('many')).toEqual(
      keyState({ versions: { newest: 4, oldestOpened: 2 } }),
    );
  });
});

describe('asking about keys of all kinds', () => {
  const asker = (named: readonly VaultKey[]) =>
    createKeyStateAsker(
      cloudOptions(
        { VAULT_TOKEN: vault.token },
        { allowList: createAllowList({ env: { CI: 'true' }, named }) },
      ),
    );

  it('sends nothing to a service that is not named', async () => {
    const other = { ...vaultKey('x'), vaultAddress: 'https://vault.example.com' };
    const { message } = await expectFailure(asker([other])(vaultKey('x')), 'ERR_KEY_UNWRAP');
    expect(message).toContain('nothing was sent');
    expect(operations()).toEqual([]);
  });

  it('asks nobody about what lies in nobody’s hands, and says what it cannot ask', async () => {
    const ask = asker([vaultKey('x')]);
    expect(await ask({ type: 'age', recipient: 'age1x', enc: '' })).toBeNull();
    expect(await ask(vaultKey('x'))).toMatchObject({ trouble: null });
    const huawei = { type: 'hckms', keyId: 'eu-west-101:x', ...NO_TROUBLE } as const;
    await expectFailure(ask(huawei), 'ERR_KEY_UNWRAP');
  });
});
