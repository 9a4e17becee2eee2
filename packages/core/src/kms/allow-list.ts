import type { AwsKmsKey, MasterKey, VaultKey } from '../document/metadata.ts';
import { isLocal } from '../keys/key-kinds.ts';
import { isDistrustedVaultAddress, urlPrefixCovers } from './url-prefix.ts';

/**
 * Which key services may be contacted. The sops block of a file is hostile input: without this, an
 * address in it decides who receives a token.
 */
export interface AllowList {
  permits(key: MasterKey): boolean;
}

export interface AllowListOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Keys that `.sops.yaml` or the policy names; in CI, those of the base branch. */
  readonly named?: readonly MasterKey[];
  /**
   * Further places, from a flag, each a comma list: an address (`https://vault.example.com`), an AWS
   * account (`123456789012`), a KMS or role ARN or a beginning of one, `projects/<p>`; `all`.
   */
  readonly entries?: readonly string[];
}

/**
 * Everything is permitted outside CI, as in sops; with `CI=true`, or once `TIDELOCK_KMS_ALLOWLIST`
 * (a comma list) or `entries` name something, only what is named. `SOPS_HC_VAULT_ALLOWLIST` narrows
 * Vault addresses in every case (SOPS-FORMAT 6.5).
 */
export function createAllowList({ env, named = [], entries = [] }: AllowListOptions): AllowList {
  const listed = [...entries, env.TIDELOCK_KMS_ALLOWLIST].flatMap(listOf);
  const isStrict = isCi(env) || listed.length > 0;
  const permitsAll = listed.includes('all') || !isStrict;
  const vaultList = env.SOPS_HC_VAULT_ALLOWLIST;
  return {
    permits(key) {
      if (isLocal(key)) return true;
      if (key.type === 'hc_vault' && isDistrustedVaultAddress(key.vaultAddress, vaultList)) {
        return false;
      }
      if (permitsAll) return true;
      if (named.some((other) => sameService(key, other))) return true;
      return listed.some((entry) => covers(entry, key)) && hasPermittedRole(key, listed);
    },
  };
}

/** A Vault as the allow-list judges it: by its address alone. */
export function vaultPlace(vaultAddress: string): VaultKey {
  return { type: 'hc_vault', vaultAddress, enginePath: '', keyName: '', enc: '', createdAt: '' };
}

/** Whether a CI system runs this, as nearly all of them say by `CI=true`. */
export function isCi(env: AllowListOptions['env']): boolean {
  return env.CI !== undefined && env.CI !== '' && env.CI !== 'false' && env.CI !== '0';
}

function listOf(text: string | undefined): readonly string[] {
  return (text ?? '').split(',').flatMap((entry) => (entry.trim() === '' ? [] : [entry.trim()]));
}

/** A named key vouches for its service and the identity used there, not for the one key alone. */
function sameService(key: MasterKey, other: MasterKey): boolean {
  if (key.type === 'kms' && other.type === 'kms') {
    return (
      accountOf(key) === accountOf(other) &&
      key.role === other.role &&
      key.awsProfile === other.awsProfile
    );
  }
  if (key.type === 'gcp_kms' && other.type === 'gcp_kms') {
    return projectOf(key.resourceId) === projectOf(other.resourceId);
  }
  if (key.type === 'azure_kv' && other.type === 'azure_kv') return key.vaultUrl === other.vaultUrl;
  if (key.type === 'hc_vault' && other.type === 'hc_vault') {
    return key.vaultAddress === other.vaultAddress;
  }
  return key.type === 'hckms' && other.type === 'hckms' && key.keyId === other.keyId;
}

function covers(entry: string, key: MasterKey): boolean {
  switch (key.type) {
    case 'kms':
      return entry === accountOf(key) || beginsWith(key.arn, entry);
    case 'gcp_kms':
      return beginsWith(key.resourceId, entry);
    case 'azure_kv':
      return urlPrefixCovers(entry, key.vaultUrl);
    case 'hc_vault':
      return urlPrefixCovers(entry, key.vaultAddress);
    default:
      return masterKeyText(key) === entry;
  }
}

function hasPermittedRole(key: MasterKey, entries: readonly string[]): boolean {
  if (key.type !== 'kms') return true;
  if (key.awsProfile !== '' && !entries.includes(key.awsProfile)) return false;
  return key.role === '' || entries.some((entry) => beginsWith(key.role, entry));
}

/** Whole segments only: an entry for `projects/prod` says nothing of `projects/prod-evil`. */
function beginsWith(text: string, entry: string): boolean {
  if (!text.startsWith(entry) || entry === '') return false;
  return (
    text.length === entry.length || /[:/]$/.test(entry) || /^[:/]/.test(text.slice(entry.length))
  );
}

function accountOf(key: AwsKmsKey): string {
  return key.arn.split(':')[4] ?? '';
}

function projectOf(resourceId: string): string {
  return resourceId.split('/')[1] ?? '';
}

function masterKeyText(key: MasterKey): string {
  return key.type === 'hckms' ? key.keyId : '';
}
