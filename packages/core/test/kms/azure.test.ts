import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AzureKeyVaultFake,
  startAzureKeyVault,
} from '../../../../test/fakes/azure-key-vault.ts';
import type { AzureKeyVaultKey } from '../../src/document/metadata.ts';
import { azureKeyService } from '../../src/kms/azure.ts';
import type { HttpSend } from '../../src/kms/http.ts';
import { cloudOptions, connect } from './cloud-ports.ts';
import { describeKeyService, expectFailure } from './contract.ts';

const VAULT = 'https://unit.vault.azure.net';
let fake: AzureKeyVaultFake;
let version = '';
let otherVersion = '';

beforeAll(async () => {
  fake = await startAzureKeyVault();
  version = fake.rotate('prod');
  otherVersion = fake.rotate('other');
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.journal.length = 0;
  fake.faults.length = 0;
});

function azureKey(name = 'prod', more: Partial<AzureKeyVaultKey> = {}): AzureKeyVaultKey {
  return { type: 'azure_kv', vaultUrl: VAULT, name, version, enc: '', createdAt: '', ...more };
}

/** The vault's own address leads to the fake, as a name server would. */
const toFake = (): HttpSend => {
  const send = connect();
  return (request, signal) =>
    send({ ...request, url: request.url.replace(VAULT, fake.url) }, signal);
};

const service = (token = fake.token) =>
  azureKeyService({ ...cloudOptions({}, { connect: toFake }), accessToken: async () => token });

describeKeyService('Azure Key Vault', () => ({
  service: service(),
  key: azureKey(),
  other: azureKey('other', { version: otherVersion }),
  missing: azureKey('missing'),
}));

describe('azureKeyService', () => {
  it('stores base64url without padding', async () => {
    expect(await service().wrap(azureKey(), randomBytes(32))).toMatch(/^[A-Za-z0-9_-]{342}$/);
  });

  it('finds the current version, and then wraps without a call', async () => {
    const current = fake.rotate('fresh');
    const vault = service();
    const key = await vault.complete(azureKey('fresh', { version: '' }));
    expect(key).toMatchObject({ version: current });
    const dataKey = randomBytes(32);
    const enc = await vault.wrap(key, dataKey);
    await vault.wrap(key, dataKey);
    expect(fake.journal.map(({ operation }) => operation)).toEqual(['get']);
    expect(Buffer.from((await vault.unwrap({ ...key, enc })) ?? [])).toEqual(dataKey);
  });

  it('opens with the version the file names, after a newer one', async () => {
    const older = fake.rotate('renewed');
    const enc = await service().wrap(azureKey('renewed', { version: older }), randomBytes(32));
    fake.rotate('renewed');
    expect(await service().unwrap(azureKey('renewed', { version: older, enc }))).toHaveLength(32);
  });

  it('wraps nothing without a version', async () => {
    await expectFailure(
      service().wrap(azureKey('prod', { version: '' }), randomBytes(32)),
      'ERR_KEY_WRAP',
    );
    expect(fake.journal).toEqual([]);
  });

  it('says that a key is disabled, and that a token is not accepted', async () => {
    const disabled = fake.rotate('disabled');
    const enc = await service().wrap(azureKey('disabled', { version: disabled }), randomBytes(32));
    fake.disable('disabled');
    const key = azureKey('disabled', { version: disabled, enc });
    expect((await expectFailure(service().unwrap(key), 'ERR_KEY_UNWRAP')).message).toContain(
      'disabled',
    );
    const denied = await expectFailure(service('canary').unwrap(key), 'ERR_KEY_UNWRAP');
    expect(denied.message).toContain('401');
    expect(`${denied.message}${denied.hint}`).not.toContain('canary');
  });

  it('tries again after 429 and a cut connection', async () => {
    fake.faults.push({ kind: 'status', status: 429, retryAfter: '0' }, { kind: 'cut' });
    await service().wrap(azureKey(), randomBytes(32));
    expect(fake.journal).toHaveLength(3);
  });

  it.each([
    'https://vault.azure.net.evil.example',
    'https://evil.example',
    'https://x.evil.example.vault.azure.net',
    'https://evil.example?.vault.azure.net',
  ])('never takes a token for %s', async (vaultUrl) => {
    let asked = 0;
    const careful = azureKeyService({
      ...cloudOptions({}, { connect: () => () => Promise.reject(new Error('contacted')) }),
      accessToken: async () => String(asked++),
    });
    const outcome = careful.unwrap(azureKey('prod', { vaultUrl, enc: 'AAAA' }));
    await expect(outcome).rejects.toThrow(/nothing was sent|not an Azure/);
    expect(asked).toBe(0);
  });
});
