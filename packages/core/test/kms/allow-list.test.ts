import { describe, expect, it } from 'vitest';
import type { MasterKey } from '../../src/document/metadata.ts';
import { parseKey } from '../../src/keys/key-spec.ts';
import { createAllowList } from '../../src/kms/allow-list.ts';

const at = { createdAt: '2026-01-01T00:00:00Z' };
const vault = (text: string) => parseKey('hc_vault', text, at);
const azure = (text: string) => parseKey('azure_kv', text, at);
const gcp = (text: string) => parseKey('gcp_kms', text, at);
const aws = (text: string, awsProfile = '') => parseKey('kms', text, { ...at, awsProfile });

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/a';
const ROLE = 'arn:aws:iam::123456789012:role/ci';
const EVIL = 'arn:aws:iam::666666666666:role/evil';

function permitted(key: MasterKey, options: Parameters<typeof createAllowList>[0]): boolean {
  return createAllowList(options).permits(key);
}

describe('createAllowList', () => {
  it('permits everything outside CI, as sops does', () => {
    for (const key of [
      vault('https://any/v1/t/keys/k'),
      aws(ARN),
      gcp('projects/p/locations/l/keyRings/r/cryptoKeys/k'),
    ]) {
      expect(permitted(key, { env: {} })).toBe(true);
      expect(permitted(key, { env: { CI: 'false' } })).toBe(true);
      expect(permitted(key, { env: { CI: 'true' } })).toBe(false);
    }
  });

  it('always permits local keys', () => {
    const key: MasterKey = { type: 'age', recipient: 'age1', enc: '' };
    expect(permitted(key, { env: { CI: 'true' } })).toBe(true);
  });

  it.each([
    [vault('https://v/v1/transit/keys/a'), vault('https://v/v1/other/keys/b'), true],
    [vault('https://v.evil/v1/transit/keys/a'), vault('https://v/v1/transit/keys/a'), false],
    [azure('https://a.vault.azure.net/keys/k/1'), azure('https://a.vault.azure.net/keys/j'), true],
    [
      azure('https://b.vault.azure.net/keys/k/1'),
      azure('https://a.vault.azure.net/keys/k/1'),
      false,
    ],
    [aws(ARN), aws('arn:aws:kms:us-east-1:123456789012:alias/b'), true],
    [aws(`${ARN}+${EVIL}`), aws(ARN), false],
    [aws(ARN, 'admin'), aws(ARN), false],
    [aws('arn:aws:kms:eu-west-1:666666666666:key/a'), aws(ARN), false],
    [
      gcp('projects/p/locations/l/keyRings/r/cryptoKeys/k'),
      gcp('projects/p/locations/m/keyRings/s/cryptoKeys/l'),
      true,
    ],
    [
      gcp('projects/pp/locations/l/keyRings/r/cryptoKeys/k'),
      gcp('projects/p/locations/l/keyRings/r/cryptoKeys/k'),
      false,
    ],
    [vault('https://v/v1/transit/keys/a'), aws(ARN), false],
  ])('in CI %# a named key vouches for its own service alone', (key, named, expected) => {
    expect(permitted(key, { env: { CI: '1' }, named: [named] })).toBe(expected);
  });

  it.each([
    ['https://v', vault('https://v/v1/transit/keys/a'), true],
    ['https://v', vault('https://v.evil/v1/transit/keys/a'), false],
    ['https://', vault('https://v/v1/transit/keys/a'), false],
    ['123456789012', aws(ARN), true],
    ['arn:aws:kms:eu-west-1:123456789012', aws(ARN), true],
    ['arn:aws:kms:eu-west-1:1234', aws(ARN), false],
    ['123456789012', aws(`${ARN}+${ROLE}`), false],
    [`123456789012,${ROLE}`, aws(`${ARN}+${ROLE}`), true],
    [`123456789012,${ROLE}`, aws(`${ARN}+${EVIL}`), false],
    ['123456789012', aws(ARN, 'admin'), false],
    ['123456789012,admin', aws(ARN, 'admin'), true],
    ['projects/p', gcp('projects/p/locations/l/keyRings/r/cryptoKeys/k'), true],
    ['projects/p', gcp('projects/pq/locations/l/keyRings/r/cryptoKeys/k'), false],
    ['all', aws(ARN), true],
  ])('TIDELOCK_KMS_ALLOWLIST=%s decides %#', (list, key, expected) => {
    expect(permitted(key, { env: { TIDELOCK_KMS_ALLOWLIST: list } })).toBe(expected);
  });

  it.each([
    ['all', true],
    ['none', false],
    ['https://v', true],
    ['https://v/', true],
    ['https://other, https://v', true],
    ['https://v.example', false],
  ])('SOPS_HC_VAULT_ALLOWLIST=%s', (list, expected) => {
    const key = vault('https://v/v1/transit/keys/a');
    const env = { SOPS_HC_VAULT_ALLOWLIST: list };
    expect(permitted(key, { env })).toBe(expected);
    expect(permitted(key, { env: { ...env, CI: 'true' }, named: [key] })).toBe(expected);
  });
});
