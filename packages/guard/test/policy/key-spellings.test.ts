import { type MasterKeyType, parseKey } from '@tidelock/core';
import { describe, expect, it } from 'vitest';
import { keyText } from '../../src/policy/canonical-key.ts';
import { compareGroups } from '../../src/policy/compare-groups.ts';
import { CreationPolicy } from '../../src/policy/creation-policy.ts';

const AGE = 'age1nld4jchnfdg4y0yfhh2ezck8vegr9uv2qh8quhgnnt7ejzg3a59selcl4m';
const AGE2 = 'age1lvyvwawkr0mcnnnncaghunadrqkmuf9e6507x9y920xxpp866cnql7dp2z';
const SSH = `ssh-ed25519 ${Buffer.concat([
  Buffer.from([0, 0, 0, 11]),
  Buffer.from('ssh-ed25519'),
  Buffer.from([0, 0, 0, 32]),
  Buffer.alloc(32, 7),
]).toString('base64')}`;
const FP = '85D77543B3D624B63CEA9E6DBC17301B491B3F21';
const ID = '4f6cd2a5-2f2c-4fd4-a3a5-9a9d7c1f7c11';
const ARN = `arn:aws:kms:eu-west-1:123456789012:key/${ID}`;
const ALIAS = 'arn:aws:kms:eu-west-1:123456789012:alias/prod';
const ROLE = 'arn:aws:iam::123456789012:role/Deploy';
const AZURE = 'https://example.vault.azure.net/keys/prod';
const VERSION = 'a'.repeat(32);
const VAULT = 'https://vault.example.com:8200/v1/transit/keys/prod';
const GCP = 'projects/p/locations/global/keyRings/r/cryptoKeys/k';

type Key = readonly [MasterKeyType, string];
const same = { missing: 0, extra: 0, undecidable: 0, sameGrouping: true };
const other = { ...same, missing: 1, extra: 1 };
const undecidable = { ...same, undecidable: 1 };

/** A rule as people write it, the keys of a file, and what the two have to do with each other. */
const SPELLINGS: readonly (readonly [string, string, readonly (readonly Key[])[], object])[] = [
  [
    'age in a folded text',
    `age: >-\n      ${AGE},\n      ${AGE2}`,
    [
      [
        ['age', AGE2],
        ['age', AGE],
      ],
    ],
    same,
  ],
  [
    'age in a list with comments',
    `age:\n      - ${AGE} # a\n      - ${AGE2}`,
    [
      [
        ['age', AGE],
        ['age', AGE2],
      ],
    ],
    same,
  ],
  ['age with a final comma', `age: "${AGE}, "`, [[['age', AGE]]], same],
  ['age given twice', `age: ${AGE},${AGE}`, [[['age', AGE]]], same],
  ['age, another', `age: ${AGE}`, [[['age', AGE2]]], other],
  ['an ssh key with a comment', `age: ${SSH} me@example.org`, [[['age', SSH]]], same],
  ['an ssh key with another comment', `age: ${SSH} me`, [[['age', `${SSH} you`]]], same],
  ['a fingerprint in lower case', `pgp: ${FP.toLowerCase()}`, [[['pgp', FP]]], same],
  [
    'a fingerprint with spaces',
    `pgp: ${FP.replace(/(.{4})/g, '$1 ').trim()}`,
    [[['pgp', FP]]],
    same,
  ],
  ['a fingerprint of a forced subkey', `pgp: ${FP}!`, [[['pgp', FP]]], same],
  ['a long key id', `pgp: ${FP.slice(-16)}`, [[['pgp', FP]]], undecidable],
  ['a short key id', `pgp: ${FP.slice(-8)}`, [[['pgp', FP]]], undecidable],
  ['a long key id of another', `pgp: ${FP.slice(-16)}`, [[['pgp', `${FP.slice(0, -1)}2`]]], other],
  ['a KMS key id in capitals', `kms: ${ARN.replace(ID, ID.toUpperCase())}`, [[['kms', ARN]]], same],
  ['a KMS alias for a key id', `kms: ${ALIAS}`, [[['kms', ARN]]], undecidable],
  ['a KMS key id for an alias', `kms: ${ARN}`, [[['kms', ALIAS]]], undecidable],
  ['a KMS alias for itself', `kms: ${ALIAS}`, [[['kms', ALIAS]]], same],
  ['a KMS alias, another', `kms: ${ALIAS}`, [[['kms', `${ALIAS}2`]]], other],
  [
    'a KMS alias in capitals, another',
    `kms: ${ALIAS}`,
    [[['kms', ALIAS.replace('prod', 'PROD')]]],
    other,
  ],
  [
    'a KMS alias of another region',
    `kms: ${ALIAS}`,
    [[['kms', ARN.replace('eu-west-1', 'us-east-1')]]],
    other,
  ],
  [
    'a KMS alias of another account',
    `kms: ${ALIAS}`,
    [[['kms', ARN.replace('1234', '4321')]]],
    other,
  ],
  [
    'a replica of a multi-region key',
    `kms: ${ARN.replace(ID, 'mrk-1')}`,
    [[['kms', ARN.replace(ID, 'mrk-1').replace('eu-west-1', 'us-east-1')]]],
    other,
  ],
  ['a KMS key with its role', `kms: ${ARN}+${ROLE}`, [[['kms', `${ARN}+${ROLE}`]]], same],
  ['a KMS key with another role', `kms: ${ARN}+${ROLE}`, [[['kms', `${ARN}+${ROLE}2`]]], other],
  ['a KMS key without its role', `kms: ${ARN}+${ROLE}`, [[['kms', ARN]]], other],
  ['a KMS key by a profile', `kms: ${ARN}\n    aws_profile: work`, [[['kms', ARN]]], same],
  [
    'a KMS key with a context',
    `key_groups:\n      - kms: [{ arn: "${ARN}", context: { app: x } }]`,
    [[['kms', ARN]]],
    other,
  ],
  [
    'an Azure key of any version',
    `azure_keyvault: ${AZURE}`,
    [[['azure_kv', `${AZURE}/${VERSION}`]]],
    same,
  ],
  [
    'an Azure key of a version',
    `azure_keyvault: ${AZURE}/${VERSION}`,
    [[['azure_kv', `${AZURE}/${VERSION}`]]],
    same,
  ],
  [
    'an Azure key of another version',
    `azure_keyvault: ${AZURE}/${VERSION}`,
    [[['azure_kv', `${AZURE}/${'b'.repeat(32)}`]]],
    other,
  ],
  [
    'an Azure key, another',
    `azure_keyvault: ${AZURE}`,
    [[['azure_kv', `${AZURE}2/${VERSION}`]]],
    other,
  ],
  [
    'an Azure key of a vault in capitals',
    `azure_keyvault: ${AZURE.replace('example', 'EXAMPLE')}`,
    [[['azure_kv', AZURE]]],
    same,
  ],
  [
    'a Vault key of a host in capitals',
    `hc_vault_transit_uri: ${VAULT.replace('vault.example', 'VAULT.Example')}`,
    [[['hc_vault', VAULT]]],
    same,
  ],
  [
    'a Vault key of the default port',
    `hc_vault_transit_uri: ${VAULT.replace('8200', '443')}`,
    [[['hc_vault', VAULT.replace(':8200', '')]]],
    same,
  ],
  [
    'a Vault key of another port',
    `hc_vault_transit_uri: ${VAULT}`,
    [[['hc_vault', VAULT.replace('8200', '8201')]]],
    other,
  ],
  [
    'a Vault key of another engine',
    `hc_vault_transit_uri: ${VAULT}`,
    [[['hc_vault', VAULT.replace('transit', 'transit2')]]],
    other,
  ],
  [
    'a Vault key in capitals, another',
    `hc_vault_transit_uri: ${VAULT}`,
    [[['hc_vault', VAULT.replace('keys/prod', 'keys/Prod')]]],
    other,
  ],
  ['a GCP key', `gcp_kms: ${GCP}`, [[['gcp_kms', GCP]]], same],
  [
    'a GCP key of another project',
    `gcp_kms: ${GCP}`,
    [[['gcp_kms', GCP.replace('projects/p', 'projects/q')]]],
    other,
  ],
  [
    'groups in another order',
    `key_groups:\n      - age: [${AGE}]\n      - age: [${AGE2}]`,
    [[['age', AGE2]], [['age', AGE]]],
    same,
  ],
  [
    'one key in both groups',
    `key_groups:\n      - age: [${AGE}, ${AGE2}]\n      - age: [${AGE2}]`,
    [
      [['age', AGE2]],
      [
        ['age', AGE],
        ['age', AGE2],
      ],
    ],
    same,
  ],
  [
    'keys grouped otherwise',
    `key_groups:\n      - age: [${AGE}, ${AGE2}]\n      - pgp: [${FP}]`,
    [
      [['age', AGE]],
      [
        ['age', AGE2],
        ['pgp', FP],
      ],
    ],
    { ...same, sameGrouping: false },
  ],
  [
    'a group that merges another',
    `key_groups:\n      - merge:\n          - age: [${AGE}]\n        age: [${AGE2}, ${AGE}]`,
    [
      [
        ['age', AGE],
        ['age', AGE2],
      ],
    ],
    same,
  ],
];

describe('spellings of keys in a rule and in a file', () => {
  it.each(SPELLINGS)('%s', (_, rule, groups, expected) => {
    const text = `creation_rules:\n  - path_regex: x\n    ${rule}\n`;
    const creation = new CreationPolicy([{ path: '.sops.yaml', bytes: Buffer.from(text) }]);
    const governing = creation.ruleFor('x.yaml');
    expect(creation.configs.flatMap(({ problems }) => problems)).toEqual([]);
    const have = groups.map((keys) => ({
      keys: keys.map(([type, id]) => parseKey(type, id, { createdAt: '' })),
    }));
    const { missing, extra, ...rest } = compareGroups(have, governing?.keyGroups ?? []);
    const found = {
      missing: missing.length,
      extra: extra.length,
      undecidable: rest.undecidable.length,
      sameGrouping: rest.sameGrouping,
    };
    expect(found, [...missing, ...extra].map(keyText).join(' ')).toEqual(expected);
  });
});
