import { randomBytes } from 'node:crypto';
import { decrypt, encrypt, type MasterKey, parseKey, storeFor } from '@tidelock/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startVaultTransit, type VaultTransitFake } from '../../../../test/fakes/vault-transit.ts';
import { askKeyStates } from '../../src/plan/ask-key-states.ts';
import { keyStateProblems } from '../../src/plan/key-state-problems.ts';
import { NO_KEY_STATES } from '../../src/plan/key-states.ts';
import { filesOf } from '../../src/plan/plan.ts';
import { botKeyServices } from '../../src/rewrite/key-services.ts';
import { rewriteFile } from '../../src/rewrite/rewrite-file.ts';
import { testPorts } from '../support/repository.ts';
import { contextOf, encrypted, now, person, planTree, sopsConfig } from '../support/tree.ts';

let fake: VaultTransitFake;
beforeAll(async () => {
  fake = await startVaultTransit();
});
afterAll(() => fake.close());

const portsFor = (token = fake.token) =>
  testPorts('/', { VAULT_TOKEN: token, CI: 'true', SOPS_GPG_EXEC: '/nonexistent/gpg' }).ports;

const asked = (keys: readonly MasterKey[], token = fake.token) =>
  askKeyStates([{ keys }], portsFor(token));

describe('states of keys', () => {
  it('a newer version of a Vault key makes files due; wrapped anew they are not', async () => {
    const uri = `${fake.url}/v1/transit/keys/prod`;
    const key = parseKey('hc_vault', uri, { createdAt: '' });
    const { services, clear } = botKeyServices(portsFor(), [{ keys: [key] }]);
    const plain = storeFor('yaml').parse(Buffer.from('a: secret\nlist: [1, 2]\n'));
    const document = await encrypt(plain, {
      keyGroups: [{ keys: [key] }],
      selection: null,
      macOnlyEncrypted: false,
      shamirThreshold: 0,
      services,
      now,
      randomBytes,
    });
    const before = storeFor('yaml').emit(document);
    const files = {
      '.sops.yaml': `creation_rules:\n  - hc_vault_transit_uri: ${uri}\n`,
      'a.yaml': before,
    };
    expect(filesOf(planTree({ files, keyStates: await asked([key]) }))).toEqual([]);
    fake.rotate('transit/prod');
    const states = await asked([key]);
    expect(states.unanswered.size).toBe(0);
    const [file] = filesOf(planTree({ files, keyStates: states }));
    expect(file?.reasons.map(({ kind }) => kind)).toEqual(['vault-version']);
    if (file === undefined) throw new Error('not due');
    const result = await rewriteFile(before, file, { services, clock: { now: () => now } });
    if (result.kind === 'left-out') throw new Error(result.reason);
    expect(Buffer.from(result.bytes).toString('utf8')).toContain('vault:v2:');
    const after = { ...files, 'a.yaml': result.bytes };
    expect(filesOf(planTree({ files: after, keyStates: states }))).toEqual([]);
    const reopened = await decrypt(storeFor('yaml').parse(result.bytes), { services });
    expect(Buffer.from(storeFor('yaml').emit(reopened.document)).toString('utf8')).toBe(
      'a: secret\nlist: [1, 2]\n',
    );
    clear();
  });

  it('says what could not be asked, and takes it for unknown', async () => {
    const uri = `${fake.url}/v1/transit/keys/prod`;
    const vault = parseKey('hc_vault', uri, { createdAt: '' });
    const pgp = parseKey('pgp', 'A'.repeat(40), { createdAt: '' });
    const states = await asked([vault, pgp], 'another-token');
    expect(states.cloudKeys.size + states.pgpKeys.size).toBe(0);
    expect(states.unanswered.size).toBe(2);
    expect([...states.unanswered.values()].join()).not.toContain('another-token');
  });

  it('a revoked PGP key leaves, a newer subkey is wrapped for, an end is announced', async () => {
    const bot = person();
    const fingerprint = 'C1BDD1DCBC595AB19E4C1C9A5996A9ED366DDE0F';
    const vectors = await import('../../../core/test/keys/environment.ts');
    const [enc = ''] = vectors.wrappedKeys('pgp.enc.yaml');
    const text = await encrypted('a.json', '{"a": "b"}', [[bot]]);
    const document = JSON.parse(text);
    document.sops.pgp = [{ fp: fingerprint, created_at: '2026-01-01T00:00:00Z', enc }];
    const files = {
      '.sops.yaml': `${sopsConfig(['', [[bot]]])}        pgp: [${fingerprint}]\n`,
      'a.json': JSON.stringify(document),
    };
    const soon = new Date(now.getTime() + 10 * 86_400_000);
    const keyIds = ['4EA79328D4A08591', '5996A9ED366DDE0F', 'AAAAAAAAAAAAAAAA'];
    const statesWith = (state: { isRevoked?: boolean; expires?: Date; encryptsTo?: string }) => {
      const known = { isRevoked: false, expires: null, encryptsTo: keyIds[0] ?? '', keyIds };
      const pgpKeys = new Map([[fingerprint, { ...known, ...state }]]);
      return { ...NO_KEY_STATES, isAsked: true, pgpKeys };
    };
    const plan = (state: Parameters<typeof statesWith>[0]) =>
      planTree({ files, keyStates: statesWith(state) });
    const announced = (state: Parameters<typeof statesWith>[0]) => {
      const context = contextOf({ files, keyStates: statesWith(state) });
      return keyStateProblems(context.creation, context).map(({ reason }) => reason);
    };
    expect(filesOf(plan({}))).toEqual([]);
    expect(filesOf(plan({ expires: soon }))).toEqual([]);
    expect(announced({})).toEqual([]);
    expect(announced({ expires: soon })).toEqual([
      expect.stringContaining('expires on 2026-12-04'),
    ]);
    expect(announced({ isRevoked: true })).toEqual([expect.stringContaining('was revoked')]);
    const [revoked] = filesOf(plan({ isRevoked: true }));
    expect(revoked?.actions).toEqual(['updatekeys', 'rotate']);
    expect(revoked?.reasons[0]?.text).toContain('was revoked by its owner');
    const [newer] = filesOf(plan({ encryptsTo: 'AAAAAAAAAAAAAAAA' }));
    expect(newer?.actions).toEqual(['rewrap']);
  });
});
