import { type MapNode, mapOf, stringLeaf, type Value } from '../document/document.ts';
import type { AwsKmsKey, MasterKey, MasterKeyType } from '../document/metadata.ts';
import type { WeakMapReader } from './weak-types.ts';

/** How one kind of master key stands in the sops block (SOPS-FORMAT 5). */
export interface KeyList {
  readonly field: MasterKeyType;
  read(entry: WeakMapReader): MasterKey;
}

/** In the order in which sops takes the lists of a group into memory. */
export const KEY_LISTS: readonly KeyList[] = [
  {
    field: 'kms',
    read: (entry) => ({
      type: 'kms',
      ...dated(entry),
      arn: entry.text('arn'),
      role: entry.text('role'),
      context: entry.texts('context'),
      awsProfile: entry.text('aws_profile'),
    }),
  },
  {
    field: 'gcp_kms',
    read: (entry) => ({
      type: 'gcp_kms',
      ...dated(entry),
      resourceId: entry.text('resource_id'),
    }),
  },
  {
    field: 'hckms',
    read: (entry) => ({ type: 'hckms', ...dated(entry), keyId: entry.text('key_id') }),
  },
  {
    field: 'azure_kv',
    read: (entry) => ({
      type: 'azure_kv',
      ...dated(entry),
      vaultUrl: entry.text('vault_url'),
      name: entry.text('name'),
      version: entry.text('version'),
    }),
  },
  {
    field: 'hc_vault',
    read: (entry) => ({
      type: 'hc_vault',
      ...dated(entry),
      vaultAddress: entry.text('vault_address'),
      enginePath: entry.text('engine_path'),
      keyName: entry.text('key_name'),
    }),
  },
  {
    field: 'pgp',
    read: (entry) => ({ type: 'pgp', ...dated(entry), fingerprint: entry.text('fp') }),
  },
  {
    field: 'age',
    read: (entry) => ({
      type: 'age',
      enc: entry.text('enc'),
      recipient: entry.text('recipient'),
    }),
  },
];

function dated(entry: WeakMapReader): { enc: string; createdAt: string } {
  return { enc: entry.text('enc'), createdAt: entry.time('created_at') };
}

/** A key's entry in its list, fields sorted as sops sorts them. */
export function writeKey(key: MasterKey): MapNode {
  const fields = new Map<string, Value>([['enc', stringLeaf(key.enc)]]);
  if (key.type !== 'age') fields.set('created_at', stringLeaf(key.createdAt));
  for (const [name, value] of ownFields(key)) fields.set(name, value);
  return mapOf([...fields].sort(([a], [b]) => compareKeys(a, b)));
}

function ownFields(key: MasterKey): [string, Value][] {
  switch (key.type) {
    case 'age':
      return [['recipient', stringLeaf(key.recipient)]];
    case 'pgp':
      return [['fp', stringLeaf(key.fingerprint)]];
    case 'kms':
      return awsFields(key);
    case 'gcp_kms':
      return [['resource_id', stringLeaf(key.resourceId)]];
    case 'azure_kv':
      return [
        ['name', stringLeaf(key.name)],
        ['vault_url', stringLeaf(key.vaultUrl)],
        ['version', stringLeaf(key.version)],
      ];
    case 'hc_vault':
      return [
        ['engine_path', stringLeaf(key.enginePath)],
        ['key_name', stringLeaf(key.keyName)],
        ['vault_address', stringLeaf(key.vaultAddress)],
      ];
    case 'hckms':
      return [['key_id', stringLeaf(key.keyId)]];
  }
}

function awsFields(key: AwsKmsKey): [string, Value][] {
  const fields: [string, Value][] = [
    ['arn', stringLeaf(key.arn)],
    ['aws_profile', stringLeaf(key.awsProfile)],
  ];
  if (key.context.size > 0) {
    const sorted = [...key.context].sort(([a], [b]) => compareKeys(a, b));
    fields.push(['context', mapOf(sorted.map(([name, value]) => [name, stringLeaf(value)]))]);
  }
  if (key.role !== '') fields.push(['role', stringLeaf(key.role)]);
  return fields;
}

/** By bytes, as Go sorts strings. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
