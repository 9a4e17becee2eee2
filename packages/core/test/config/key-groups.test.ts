import { describe, expect, it } from 'vitest';
import { keyGroupsOf } from '../../src/config/key-groups.ts';
import { parseSopsConfig } from '../../src/config/sops-config.ts';
import { masterKeyId } from '../../src/document/metadata.ts';

const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/a';
const CONFIG = `
creation_rules:
  - path_regex: flat
    kms: ${ARN}
  - key_groups:
      - hc_vault: [https://v/v1/t/keys/k]
        kms:
          - arn: ${ARN}
          - arn: ${ARN}
            role: arn:aws:iam::123456789012:role/r
            context: { a: b }
          - arn: ${ARN}
        merge:
          - gcp_kms: [{ resource_id: projects/p/locations/l/keyRings/r/cryptoKeys/k }]
            pgp: [85D77543B3D624B63CEA9E6DBC17301B491B3F21]
        azure_keyvault: [{ vaultUrl: https://x.vault.azure.net, key: k, version: '1' }]
`;

function idsOf(index: number): readonly (readonly string[])[] {
  const rule = parseSopsConfig(Buffer.from(CONFIG), '.sops.yaml').creationRules?.[index];
  if (rule === undefined) throw new Error('no rule');
  const options = { createdAt: '2026-01-01T00:00:00Z', context: new Map([['env', 'prod']]) };
  return keyGroupsOf(rule, options).map(({ keys }) => keys.map(masterKeyId));
}

describe('keyGroupsOf', () => {
  it('gives the context of the command line to flat keys', () => {
    expect(idsOf(0)).toEqual([[`${ARN}|env:prod`]]);
  });

  it('orders a group as sops does, drops repeats, and leaves its contexts alone', () => {
    expect(idsOf(1)).toEqual([
      [
        '85D77543B3D624B63CEA9E6DBC17301B491B3F21',
        'projects/p/locations/l/keyRings/r/cryptoKeys/k',
        ARN,
        `${ARN}+arn:aws:iam::123456789012:role/r|a:b`,
        'https://x.vault.azure.net/keys/k/1',
        'https://v/v1/t/keys/k',
      ],
    ]);
  });
});
