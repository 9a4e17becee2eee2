/** The sops block as data (SOPS-FORMAT 5). Nothing here reads or writes anything. */
export type MasterKeyType = 'age' | 'pgp' | 'kms' | 'gcp_kms' | 'azure_kv' | 'hc_vault' | 'hckms';

interface Wrapped {
  /** The wrapped data key (or Shamir share), as text in the form sops stores; '' when not yet made. */
  readonly enc: string;
}

interface Dated extends Wrapped {
  /** RFC 3339, whole seconds, UTC. */
  readonly createdAt: string;
}

export interface AgeKey extends Wrapped {
  readonly type: 'age';
  /** Verbatim, an ssh key with its comment. */
  readonly recipient: string;
}

export interface PgpKey extends Dated {
  readonly type: 'pgp';
  readonly fingerprint: string;
}

export interface AwsKmsKey extends Dated {
  readonly type: 'kms';
  readonly arn: string;
  readonly role: string;
  readonly context: ReadonlyMap<string, string>;
  readonly awsProfile: string;
}

export interface GcpKmsKey extends Dated {
  readonly type: 'gcp_kms';
  readonly resourceId: string;
}

export interface AzureKeyVaultKey extends Dated {
  readonly type: 'azure_kv';
  readonly vaultUrl: string;
  readonly name: string;
  readonly version: string;
}

export interface VaultKey extends Dated {
  readonly type: 'hc_vault';
  readonly vaultAddress: string;
  readonly enginePath: string;
  readonly keyName: string;
}

export interface HuaweiKmsKey extends Dated {
  readonly type: 'hckms';
  /** `region:uuid` */
  readonly keyId: string;
}

export type MasterKey =
  | AgeKey
  | PgpKey
  | AwsKmsKey
  | GcpKmsKey
  | AzureKeyVaultKey
  | VaultKey
  | HuaweiKmsKey;

export interface KeyGroup {
  readonly keys: readonly MasterKey[];
}

/** At most one of these may be set in a file (SOPS-FORMAT 3). */
export type Selection =
  | { readonly rule: 'unencrypted_suffix'; readonly value: string }
  | { readonly rule: 'encrypted_suffix'; readonly value: string }
  | { readonly rule: 'unencrypted_regex'; readonly value: string }
  | { readonly rule: 'encrypted_regex'; readonly value: string }
  | { readonly rule: 'unencrypted_comment_regex'; readonly value: string }
  | { readonly rule: 'encrypted_comment_regex'; readonly value: string };

export type SelectionRule = Selection['rule'];

export const DEFAULT_SELECTION: Selection = { rule: 'unencrypted_suffix', value: '_unencrypted' };

export interface Metadata {
  readonly keyGroups: readonly KeyGroup[];
  /** 0: not stored. */
  readonly shamirThreshold: number;
  /** RFC 3339 as stored. */
  readonly lastModified: string;
  /** The token, '' when missing. */
  readonly mac: string;
  readonly version: string;
  /** null: none stored (binary files); reading treats it as DEFAULT_SELECTION. */
  readonly selection: Selection | null;
  readonly macOnlyEncrypted: boolean;
}

/**
 * sops' own id string of a master key (SOPS-FORMAT 6.1): used to compare key groups, to remove keys
 * and in messages.
 */
export function masterKeyId(key: MasterKey): string {
  switch (key.type) {
    case 'age':
      return key.recipient;
    case 'pgp':
      return key.fingerprint;
    case 'kms':
      return awsKmsId(key);
    case 'gcp_kms':
      return key.resourceId;
    case 'azure_kv':
      return `${key.vaultUrl}/keys/${key.name}/${key.version}`;
    case 'hc_vault':
      return `${key.vaultAddress}/v1/${key.enginePath}/keys/${key.keyName}`;
    case 'hckms':
      return key.keyId;
  }
}

function awsKmsId(key: AwsKmsKey): string {
  const arn = key.role === '' ? key.arn : `${key.arn}+${key.role}`;
  const context = [...key.context].map(([name, value]) => `${name}:${value}`).sort();
  if (key.awsProfile !== '') return `${arn}|${context.join(',')}|${key.awsProfile}`;
  return context.length === 0 ? arn : `${arn}|${context.join(',')}`;
}
