import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VaultKey } from '@tidelock/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { vaultKeyService } from '../../packages/core/src/kms/vault.ts';
import { vaultKeyVersion } from '../../packages/core/src/kms/vault-version.ts';
import { cloudOptions } from '../../packages/core/test/kms/cloud-ports.ts';
import { describeKeyService, expectFailure } from '../../packages/core/test/kms/contract.ts';
import { cleanEnv, peer } from '../support/program.ts';
import { expectBothWays } from './kms-both-ways.ts';
import { type RealServer, startServer } from './kms-programs.ts';

const hasPeers = peer('bao') && peer('sops');

describe.skipIf(!hasPeers)('Vault transit, on a real OpenBao', () => {
  const token = `root-${randomBytes(8).toString('hex')}`;
  const home = mkdtempSync(join(tmpdir(), 'tidelock-bao-'));
  let server: RealServer;
  const env = () => ({ ...cleanEnv(home), VAULT_TOKEN: token });
  const service = () => vaultKeyService(cloudOptions({ VAULT_TOKEN: token }));
  const key = (keyName: string): VaultKey => ({
    type: 'hc_vault',
    vaultAddress: server.url,
    enginePath: 'team/transit',
    keyName,
    enc: '',
    createdAt: '',
  });
  const admin = async (path: string, body: object, more: Record<string, string> = {}) => {
    const headers = { 'x-vault-token': token, ...more };
    const url = `${server.url}/v1/${path}`;
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
    expect(response.ok).toBe(true);
  };

  beforeAll(async () => {
    const listen = (port: number) => `-dev-listen-address=127.0.0.1:${port}`;
    const args = (port: number) => ['server', '-dev', listen(port), `-dev-root-token-id=${token}`];
    const python = { PATH: process.env.PATH ?? '', PYENV_ROOT: process.env.PYENV_ROOT ?? '' };
    server = await startServer('bao', args, { ...python, HOME: home });
    await admin('sys/mounts/team/transit', { type: 'transit' });
    for (const name of ['prod', 'other']) await admin(`team/transit/keys/${name}`, {});
  });
  afterAll(async () => {
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  // A name of no key makes one, for a token that may.
  describeKeyService('Vault transit', () => ({
    service: service(),
    key: key('prod'),
    other: key('other'),
    missing: null,
  }));

  it('rewraps under the newest version', async () => {
    const dataKey = randomBytes(32);
    const enc = await service().wrap(key('prod'), dataKey);
    await admin('team/transit/keys/prod/rotate', {});
    const latest = (await service().keyState(key('prod'))).versions?.newest;
    const renewed = await service().rewrap({ ...key('prod'), enc });
    expect(vaultKeyVersion(renewed)).toBe(latest);
    expect(vaultKeyVersion(renewed)).toBeGreaterThan(vaultKeyVersion(enc) ?? 0);
    const opened = await service().unwrap({ ...key('prod'), enc: renewed });
    expect(Buffer.from(opened ?? [])).toEqual(dataKey);
  });

  it('tells the state of a key: its versions, and that it is not there', async () => {
    await admin('team/transit/keys/aged', {});
    for (let i = 0; i < 2; i++) await admin('team/transit/keys/aged/rotate', {});
    const enc = await service().wrap(key('aged'), randomBytes(32));
    await admin('team/transit/keys/aged/rotate', {});
    await admin('team/transit/keys/aged/config', { min_decryption_version: 4 });
    const { versions, trouble } = await service().keyState(key('aged'));
    expect({ versions, trouble }).toEqual({
      versions: { newest: 4, oldestOpened: 4 },
      trouble: null,
    });
    const { message } = await expectFailure(
      service().unwrap({ ...key('aged'), enc }),
      'ERR_KEY_UNWRAP',
    );
    expect(message).toContain('no longer opens this key version');
    expect(await service().keyState(key('none'))).toMatchObject({ trouble: { kind: 'gone' } });
    const denied = vaultKeyService(cloudOptions({ VAULT_TOKEN: 'wrong' }));
    await expectFailure(denied.keyState(key('aged')), 'ERR_KEY_UNWRAP');
  });

  it('says what a wrong token and a wrong engine mean', async () => {
    const denied = vaultKeyService(cloudOptions({ VAULT_TOKEN: 'wrong' }));
    const message = async (outcome: Promise<unknown>) =>
      (await expectFailure(outcome, 'ERR_KEY_WRAP')).message;
    expect(await message(denied.wrap(key('prod'), randomBytes(32)))).toContain('403');
    const elsewhere = { ...key('prod'), enginePath: 'nowhere' };
    expect(await message(service().wrap(elsewhere, randomBytes(32)))).toContain('404');
  });

  it('files open both ways in a namespace', async () => {
    await admin('sys/namespaces/team-a', {});
    const inside = { 'x-vault-namespace': 'team-a' };
    await admin('sys/mounts/transit', { type: 'transit' }, inside);
    await admin('transit/keys/prod', {}, inside);
    const namespace = { VAULT_NAMESPACE: 'team-a' };
    await expectBothWays({
      service: vaultKeyService(cloudOptions({ VAULT_TOKEN: token, ...namespace })),
      key: { ...key('prod'), enginePath: 'transit' },
      flags: ['--hc-vault-transit', `${server.url}/v1/transit/keys/prod`],
      env: { ...env(), ...namespace },
    });
  });

  it('files open both ways', async () => {
    await expectBothWays({
      service: service(),
      key: key('prod'),
      flags: ['--hc-vault-transit', `${server.url}/v1/team/transit/keys/prod`],
      env: env(),
    });
  });
});
