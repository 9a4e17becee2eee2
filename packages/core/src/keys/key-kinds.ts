import type { MasterKey, MasterKeyType } from '../document/metadata.ts';

/** All kinds, by the identifiers of the decryption order (SOPS-FORMAT 6.1). */
export const MASTER_KEY_TYPES: readonly MasterKeyType[] = [
  'kms',
  'gcp_kms',
  'hckms',
  'azure_kv',
  'hc_vault',
  'pgp',
  'age',
];

const NAMES: Readonly<Record<MasterKeyType, string>> = {
  age: 'age',
  pgp: 'PGP',
  kms: 'AWS KMS',
  gcp_kms: 'GCP KMS',
  azure_kv: 'Azure Key Vault',
  hc_vault: 'Vault transit',
  hckms: 'HuaweiCloud KMS',
};

/** What people call that kind. */
export function keyKindName(type: MasterKeyType): string {
  return NAMES[type];
}

/** Opened on this machine, without a service to ask. */
export function isLocal(key: MasterKey): boolean {
  return key.type === 'age' || key.type === 'pgp';
}
