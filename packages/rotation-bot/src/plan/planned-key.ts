import {
  type KeyGroup,
  type MasterKey,
  type Metadata,
  masterKeyId,
  parseKey,
  TidelockError,
} from '@tidelock/core';
import { type AccessPolicy, groupsNeeded } from '@tidelock/guard';
import type { Access, PlannedKey } from './plan.ts';

/** A master key as a plan names it. */
export function plannedKey(key: MasterKey, policy: AccessPolicy | null): PlannedKey {
  const named = policy?.nameOf(key) ?? null;
  const base = {
    type: key.type,
    id: masterKeyId(key),
    name: named?.name ?? null,
    owner: named?.owner ?? null,
  };
  if (key.type !== 'kms') return base;
  const context = [...key.context].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return { ...base, aws: { arn: key.arn, role: key.role, context, profile: key.awsProfile } };
}

/** The master key that a plan names, with nothing wrapped. @throws TidelockError ERR_KEY_SPEC */
export function masterKeyOf(planned: PlannedKey): MasterKey {
  const { type, id } = planned;
  const dated = { enc: '', createdAt: '' };
  switch (type) {
    case 'age':
      return { type, recipient: id, enc: '' };
    case 'pgp':
      return { type, fingerprint: id, ...dated };
    case 'gcp_kms':
      return { type, resourceId: id, ...dated };
    case 'hckms':
      return { type, keyId: id, ...dated };
    case 'kms':
      return awsKeyOf(planned);
    case 'azure_kv':
    case 'hc_vault':
      return unchanged(parseKey(type, id, dated), id);
  }
}

function awsKeyOf({ id, aws }: PlannedKey): MasterKey {
  if (aws === undefined) throw foreign();
  const { arn, role, profile } = aws;
  const context = new Map(aws.context);
  const key: MasterKey = {
    type: 'kms',
    arn,
    role,
    context,
    awsProfile: profile,
    enc: '',
    createdAt: '',
  };
  return unchanged(key, id);
}

function unchanged(key: MasterKey, id: string): MasterKey {
  if (masterKeyId(key) === id) return key;
  throw foreign();
}

function foreign(): TidelockError {
  return new TidelockError('ERR_KEY_SPEC', 'the plan names a key in a form that is not its own', {
    hint: 'Make the plan anew with this version of tidelock-rotate.',
  });
}

/** @throws TidelockError ERR_KEY_SPEC */
export function keyGroupsOfAccess({ keyGroups }: Access): readonly KeyGroup[] {
  return keyGroups.map((keys) => ({ keys: keys.map(masterKeyOf) }));
}

/** What a file's own metadata says of its readers. */
export function accessOf(metadata: Metadata, policy: AccessPolicy | null): Access {
  const { keyGroups, shamirThreshold, selection, macOnlyEncrypted } = metadata;
  return {
    keyGroups: keyGroups.map(({ keys }) => keys.map((key) => plannedKey(key, policy))),
    threshold: groupsNeeded(keyGroups.length, shamirThreshold),
    selection,
    macOnlyEncrypted,
  };
}
