import { formatOf, parseKey } from '@tidelock/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { botKeyServices } from '../../packages/rotation-bot/src/rewrite/key-services.ts';
import { startVaultTransit, type VaultTransitFake } from '../fakes/vault-transit.ts';
import { encryptText, testEnvironment } from '../support/in-process.ts';
import { Scene } from './scene.ts';

let scene: Scene;
let vault: VaultTransitFake;
const ask = { args: ['run', '--ask-keys'] };

/** A file that Vault and the bot open; the rule says the same. */
beforeEach(async () => {
  [scene, vault] = await Promise.all([Scene.start(), startVaultTransit()]);
  const uri = `${vault.url}/v1/transit/keys/prod`;
  const environment = { ...testEnvironment, env: { VAULT_TOKEN: vault.token } };
  const age = parseKey('age', scene.bot.recipient, { createdAt: '' });
  const keys = [age, parseKey('hc_vault', uri, { createdAt: '' })];
  const path = 'prod/db.yaml';
  scene.person.commit('main', {
    '.sops.yaml': `creation_rules:\n  - age: ${scene.bot.recipient}\n    hc_vault_transit_uri: ${uri}\n`,
    [path]: await encryptText(formatOf(path), 'password: x\n', {
      keyGroups: [{ keys }],
      services: botKeyServices(environment, [{ keys }]).services,
      now: new Date('2026-11-01T00:00:00Z'),
    }),
  });
});

afterEach(() => Promise.all([scene.stop(), vault.close()]));

const run = (options: { readonly args?: readonly string[]; readonly token?: string } = {}) =>
  scene.run({
    args: options.args ?? ['run'],
    env: { VAULT_TOKEN: options.token ?? vault.token, CI: 'true' },
  });

describe('a request that is due by the state of a key', () => {
  beforeEach(async () => {
    expect(await run(ask)).toMatchObject({ status: 0, stdout: 'Nothing is due.\n' });
    vault.rotate('transit/prod');
    expect(await run(ask)).toMatchObject({ status: 0 });
    expect(scene.theRequest().body).toContain('is wrapped by version 1; the newest is 2');
  });

  it('is made once, and with the newest version', async () => {
    expect(scene.file(scene.theRequest().head, 'prod/db.yaml')).toContain('vault:v2:');
    expect(await scene.writesOf(() => run(ask))).toEqual([]);
  });

  it('is not called done by a run that does not ask, or gets no answer', async () => {
    expect(await scene.writesOf(() => run())).toEqual([]);
    const writes = await scene.writesOf(async () => {
      const { status, stderr } = await run({ ...ask, token: 'another-token' });
      expect(status).toBe(3);
      expect(stderr).toContain('whose state is not known: Vault denies permission');
      expect(stderr).not.toContain('another-token');
    });
    expect(writes).toEqual([]);
    expect(scene.theRequest().state).toBe('open');
  });

  it('is closed when it was done elsewhere', async () => {
    const request = scene.theRequest();
    const done = scene.file(request.head, 'prod/db.yaml');
    scene.person.commit('main', { 'prod/db.yaml': done });
    expect(await run(ask)).toMatchObject({ status: 0 });
    expect(request.state).not.toBe('open');
    expect(scene.repository.git.branch(request.head)).toBeNull();
  });
});
