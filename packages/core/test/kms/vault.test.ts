import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificate } from '../../../../test/fakes/certificate.ts';
import { startVaultTransit, type VaultTransitFake } from '../../../../test/fakes/vault-transit.ts';
import type { VaultKey } from '../../src/document/metadata.ts';
import { createAllowList } from '../../src/kms/allow-list.ts';
import { vaultKeyService } from '../../src/kms/vault.ts';
import { vaultKeyVersion } from '../../src/kms/vault-version.ts';
import { cloudOptions, connect, environmentOf, QUICK_RETRY } from './cloud-ports.ts';
import { describeKeyService, expectFailure } from './contract.ts';

let fake: VaultTransitFake;

beforeAll(async () => {
  fake = await startVaultTransit();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.journal.length = 0;
  fake.faults.length = 0;
  fake.tokensSeen.length = 0;
});

function vaultKey(keyName = 'prod', vaultAddress = fake.url): VaultKey {
  return {
    type: 'hc_vault',
    vaultAddress,
    enginePath: 'team/transit',
    keyName,
    enc: '',
    createdAt: '',
  };
}

const service = (env: Record<string, string> = {}) =>
  vaultKeyService(cloudOptions({ VAULT_TOKEN: fake.token, ...env }));

describeKeyService('Vault transit', () => ({
  service: service(),
  key: vaultKey(),
  other: vaultKey('other'),
  missing: vaultKey('missing'),
}));

describe('vaultKeyService', () => {
  it('writes what sops writes and reads the version from it', async () => {
    const enc = await service().wrap(vaultKey(), randomBytes(32));
    expect(enc).toMatch(/^vault:v1:/);
    expect(vaultKeyVersion(enc)).toBe(1);
    expect(vaultKeyVersion('vault:v12:AAAA\n')).toBe(12);
    expect(vaultKeyVersion('vault:v0:AAAA')).toBeNull();
    expect(fake.journal).toEqual([{ operation: 'encrypt', key: 'team/transit/prod', status: 200 }]);
  });

  it('rewraps under a newer version without seeing the data key', async () => {
    const dataKey = randomBytes(32);
    const key = { ...vaultKey('rotated'), enc: '' };
    const enc = await service().wrap(key, dataKey);
    fake.rotate('team/transit/rotated');
    expect((await service().keyState(key)).versions?.newest).toBe(2);
    const renewed = await service().rewrap({ ...key, enc });
    expect(vaultKeyVersion(renewed)).toBe(2);
    expect(Buffer.from((await service().unwrap({ ...key, enc: renewed })) ?? [])).toEqual(dataKey);
  });

  it('reads the token that `vault login` left', async () => {
    const files = new Map([['/home/tester/.vault-token', `${fake.token}\n`]]);
    const environment = environmentOf({ VAULT_NAMESPACE: 'team-a' }, files);
    const withFile = vaultKeyService({ environment, connect, retry: QUICK_RETRY });
    expect(await withFile.wrap(vaultKey(), randomBytes(32))).toMatch(/^vault:v1:/);
    const without = vaultKeyService(cloudOptions({}));
    const error = await expectFailure(without.wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.hint).toContain('VAULT_TOKEN');
  });

  it('trusts the authority in VAULT_CACERT alone, whatever VAULT_SKIP_VERIFY says', async () => {
    const tls = makeCertificate();
    const secure = await startVaultTransit({ tls });
    try {
      const key = vaultKey('prod', secure.url);
      const serviceWith = (env: Record<string, string>) => {
        const environment = environmentOf(
          { VAULT_TOKEN: secure.token, ...env },
          new Map([['/ca.pem', tls.cert]]),
        );
        return vaultKeyService({ environment, connect, retry: QUICK_RETRY });
      };
      const trusting = serviceWith({ VAULT_CACERT: '/ca.pem' });
      const enc = await trusting.wrap(key, randomBytes(32));
      expect(await trusting.unwrap({ ...key, enc })).toHaveLength(32);
      secure.tokensSeen.length = 0;
      const doubting = serviceWith({ VAULT_SKIP_VERIFY: 'true' });
      const error = await expectFailure(doubting.unwrap({ ...key, enc }), 'ERR_KEY_UNWRAP');
      expect(error.hint).toContain('VAULT_CACERT');
      expect(secure.tokensSeen).toEqual([]);
      const lost = serviceWith({ VAULT_CACERT: '/none.pem' });
      const missing = await expectFailure(lost.unwrap({ ...key, enc }), 'ERR_KEY_UNWRAP');
      expect(missing.message).toContain('VAULT_CACERT');
    } finally {
      await secure.close();
    }
  });

  it('names an expired token and never shows it', async () => {
    const wrong = vaultKeyService(cloudOptions({ VAULT_TOKEN: 'hvs.canary' }));
    const error = await expectFailure(wrong.wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.message).toContain('403');
    expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain('canary');
    expect(fake.journal).toHaveLength(1);
  });

  it.each([
    { kind: 'status', status: 429, retryAfter: '0' },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 503 },
    { kind: 'cut' },
  ] as const)('tries again after %o', async (fault) => {
    fake.faults.push(fault, fault);
    expect(await service().wrap(vaultKey(), randomBytes(32))).toMatch(/^vault:v1:/);
    expect(fake.journal).toHaveLength(3);
  });

  it('gives up after its attempts and says how many there were', async () => {
    for (let i = 0; i < 9; i++) fake.faults.push({ kind: 'status', status: 502 });
    const error = await expectFailure(service().wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.message).toMatch(/502 \(5 attempts\)/);
    expect(fake.journal).toHaveLength(5);
  });

  it('does not wait for ever', async () => {
    fake.faults.push({ kind: 'slow', ms: 5_000 });
    const retry = { ...QUICK_RETRY, callMs: 100, attempts: 1 };
    const impatient = vaultKeyService(cloudOptions({ VAULT_TOKEN: fake.token }, { retry }));
    const error = await expectFailure(impatient.wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.message).toContain('did not answer in time');
  });

  it('ends on cancellation, and does not try again', async () => {
    fake.faults.push({ kind: 'slow', ms: 5_000 });
    const controller = new AbortController();
    const options = cloudOptions({ VAULT_TOKEN: fake.token }, { cancel: controller.signal });
    const outcome = vaultKeyService(options).wrap(vaultKey(), randomBytes(32));
    setTimeout(() => controller.abort(), 50);
    expect((await expectFailure(outcome, 'ERR_KEY_WRAP')).message).toBe('cancelled');
  });

  it('takes a proxy page for what it is', async () => {
    fake.faults.push({ kind: 'garbage' });
    await expectFailure(service().wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
  });

  it('repeats no text of the server', async () => {
    fake.faults.push({ kind: 'error', name: 'canary-from-server', status: 400 });
    const error = await expectFailure(service().wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(`${error.message}${error.hint}`).not.toContain('canary');
  });

  it('sends nothing to an address that is not permitted', async () => {
    const enc = await service().wrap(vaultKey(), randomBytes(32));
    const hostile = { ...vaultKey(), enc };
    fake.tokensSeen.length = 0;
    const named = [vaultKey('prod', 'https://vault.example.com')];
    for (const env of [
      { CI: 'true', VAULT_TOKEN: fake.token },
      { SOPS_HC_VAULT_ALLOWLIST: 'none', VAULT_TOKEN: fake.token },
      { SOPS_HC_VAULT_ALLOWLIST: 'https://vault.example.com', VAULT_TOKEN: fake.token },
      { TIDELOCK_KMS_ALLOWLIST: `${fake.url}9,https://vault.example.com`, VAULT_TOKEN: fake.token },
    ]) {
      const allowList = createAllowList({ env, named });
      const guarded = vaultKeyService(cloudOptions(env, { allowList }));
      const error = await expectFailure(guarded.unwrap(hostile), 'ERR_KEY_UNWRAP');
      expect(error.message).toContain('nothing was sent');
    }
    expect(fake.tokensSeen).toEqual([]);
  });

  it('refuses a malformed address before anything is sent', async () => {
    const key = { ...vaultKey(), vaultAddress: 'https://user:pw@evil.example' };
    await expectFailure(service().unwrap(key), 'ERR_KEY_SPEC');
    await expectFailure(
      service().unwrap({ ...vaultKey(), enginePath: 'a/../sys' }),
      'ERR_KEY_SPEC',
    );
  });

  it('follows no redirect to another place', async () => {
    const send = async () => ({
      status: 307,
      headers: new Map([['location', 'https://evil.example/v1/team/transit/encrypt/prod']]),
      body: '',
    });
    const redirected = vaultKeyService(cloudOptions({ VAULT_TOKEN: 'x' }, { connect: () => send }));
    const error = await expectFailure(redirected.wrap(vaultKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.message).toContain('not permitted');
  });
});
