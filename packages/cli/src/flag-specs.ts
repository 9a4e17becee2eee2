import type { FlagSpec } from './flags.ts';

const flag = (
  names: readonly [string, ...string[]],
  kind: FlagSpec['kind'],
  help: string,
  env?: string,
): FlagSpec => ({ names, kind, help, ...(env === undefined ? {} : { env }) });

/** Flags that stand before the subcommand. */
export const GLOBAL_FLAGS: readonly FlagSpec[] = [
  flag(['config'], 'string', 'use this .sops.yaml', 'SOPS_CONFIG'),
  flag(['indent'], 'string', 'spaces a level where a file is written anew'),
  flag(['mac-only-encrypted'], 'bool', 'compute the MAC over encrypted values alone'),
  flag(['verbose'], 'bool', 'say more'),
  flag(
    ['disable-version-check'],
    'bool',
    'accepted; there is no such check',
    'SOPS_DISABLE_VERSION_CHECK',
  ),
  flag(['check-for-updates'], 'bool', 'accepted; there is no such check'),
  flag(['version', 'v'], 'bool', 'print the version'),
  flag(['help', 'h'], 'bool', 'show help'),
];

export const KEY_SERVICE_FLAGS: readonly FlagSpec[] = [
  flag(
    ['enable-local-keyservice'],
    'bool',
    'use local keys (default true)',
    'SOPS_ENABLE_LOCAL_KEYSERVICE',
  ),
  flag(['keyservice'], 'list', 'a remote key service; not supported', 'SOPS_KEYSERVICE'),
  flag(
    ['kms-allowlist'],
    'list',
    'ask these alone: addresses, accounts, ARNs, projects/P; all',
    'TIDELOCK_KMS_ALLOWLIST',
  ),
];

export const TYPE_FLAGS: readonly FlagSpec[] = [
  flag(
    ['input-type'],
    'string',
    'yaml, json, dotenv, ini or binary instead of what the file name says',
  ),
  flag(['output-type'], 'string', 'the same for what is written'),
];

export const KEY_FLAGS: readonly FlagSpec[] = [
  flag(['kms', 'k'], 'list', 'AWS KMS ARNs', 'SOPS_KMS_ARN'),
  flag(['aws-profile'], 'string', 'AWS profile for KMS'),
  flag(['gcp-kms'], 'list', 'GCP KMS resource ids', 'SOPS_GCP_KMS_IDS'),
  flag(['hckms'], 'list', 'HuaweiCloud KMS key ids', 'SOPS_HUAWEICLOUD_KMS_IDS'),
  flag(['azure-kv'], 'list', 'Azure Key Vault URLs', 'SOPS_AZURE_KEYVAULT_URLS'),
  flag(['hc-vault-transit'], 'list', 'Vault transit URIs', 'SOPS_VAULT_URIS'),
  flag(['pgp', 'p'], 'list', 'PGP fingerprints', 'SOPS_PGP_FP'),
  flag(['age', 'a'], 'list', 'age recipients', 'SOPS_AGE_RECIPIENTS'),
  flag(['encryption-context'], 'string', 'KMS encryption context, k:v,k2:v2'),
];

export const SELECTION_FLAGS: readonly FlagSpec[] = [
  flag(['unencrypted-suffix'], 'string', 'leave keys with this suffix plain'),
  flag(['encrypted-suffix'], 'string', 'encrypt only keys with this suffix'),
  flag(['unencrypted-regex'], 'string', 'leave keys that match plain'),
  flag(['encrypted-regex'], 'string', 'encrypt only keys that match'),
  flag(['unencrypted-comment-regex'], 'string', 'leave what a matching comment precedes plain'),
  flag(['encrypted-comment-regex'], 'string', 'encrypt only what a matching comment precedes'),
  flag(['mac-only-encrypted'], 'bool', 'compute the MAC over encrypted values alone'),
];

export const THRESHOLD_FLAG = flag(
  ['shamir-secret-sharing-threshold'],
  'string',
  'key groups needed to open the file',
);
export const IN_PLACE_FLAG = flag(
  ['in-place', 'i'],
  'bool',
  'write the file itself; `--in-place=truncate` where it cannot be replaced',
);
export const OUTPUT_FLAG = flag(['output'], 'string', 'write to this file');
export const FILENAME_FLAG = flag(
  ['filename-override'],
  'string',
  'treat the input as a file of this name (format and creation rule)',
);
export const IGNORE_MAC_FLAG = flag(
  ['ignore-mac'],
  'bool',
  'open even when the MAC does not match',
);
export const ORDER_FLAG = flag(
  ['decryption-order'],
  'string',
  'kinds of keys to try first, as age,pgp',
  'SOPS_DECRYPTION_ORDER',
);
export const CANONICAL_FLAG = flag(
  ['canonical'],
  'bool',
  "write the whole file in sops' own layout",
);
export const IDEMPOTENT_FLAG = flag(['idempotent'], 'bool', 'do nothing when nothing would change');
export const EXTRACT_FLAG = flag(['extract'], 'string', 'print one value, as \'["key"][0]\'');
export const SHOW_KEYS_FLAG = flag(
  ['show-master-keys', 's'],
  'bool',
  'show the sops block in the editor',
);

const KINDS = ['age', 'pgp', 'kms', 'gcp-kms', 'hckms', 'azure-kv', 'hc-vault-transit'] as const;

export const ADD_REMOVE_FLAGS: readonly FlagSpec[] = KINDS.flatMap((kind) => [
  flag([`add-${kind}`], 'list', `add these ${kind} keys`),
  flag([`rm-${kind}`], 'list', `remove these ${kind} keys`),
]);

/** Everything the legacy form `sops [-e|-d|-r|--set …] FILE` takes. */
export const LEGACY_FLAGS: readonly FlagSpec[] = [
  ...GLOBAL_FLAGS.filter((spec) => spec.names[0] !== 'mac-only-encrypted'),
  ...KEY_SERVICE_FLAGS,
  ...TYPE_FLAGS,
  ...KEY_FLAGS,
  ...SELECTION_FLAGS,
  ...ADD_REMOVE_FLAGS,
  THRESHOLD_FLAG,
  IN_PLACE_FLAG,
  OUTPUT_FLAG,
  FILENAME_FLAG,
  IGNORE_MAC_FLAG,
  ORDER_FLAG,
  CANONICAL_FLAG,
  IDEMPOTENT_FLAG,
  EXTRACT_FLAG,
  SHOW_KEYS_FLAG,
  flag(['decrypt', 'd'], 'bool', 'decrypt the file'),
  flag(['encrypt', 'e'], 'bool', 'encrypt the file'),
  flag(['rotate', 'r'], 'bool', 'make a new data key'),
  flag(['set'], 'string', 'set a value, as \'["key"] "value"\''),
];
