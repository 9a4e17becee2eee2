import type { MasterKey, MasterKeyType } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import { parseAgeRecipient } from './age-recipient.ts';
import { keyKindName } from './key-kinds.ts';
import { parseAzureKey, parseGcpKey, parseHuaweiKey, parseVaultKey } from './key-spec-cloud.ts';
import { parsePgpFingerprint } from './pgp-fingerprint.ts';

export interface KeySpecOptions {
  /** RFC 3339, whole seconds, UTC. */
  readonly createdAt: string;
  /** AWS KMS only: from `--encryption-context`. */
  readonly context?: ReadonlyMap<string, string>;
  /** AWS KMS only. */
  readonly awsProfile?: string;
}

const LONGEST = 16_384;

const EXAMPLES: Readonly<Record<MasterKeyType, string>> = {
  age: 'age1… (from age-keygen), age1pq1…, age1<plugin>1…, or an ssh-ed25519 or ssh-rsa public key',
  pgp: 'a key fingerprint of 40 hexadecimal digits (gpg --list-keys)',
  kms: 'arn:aws:kms:<region>:<account>:key/<id>, with a role as <arn>+arn:aws:iam::<account>:role/<name>',
  gcp_kms: 'projects/<p>/locations/<l>/keyRings/<r>/cryptoKeys/<k>',
  azure_kv: 'https://<vault>.vault.azure.net/keys/<name>/<version>',
  hc_vault: 'https://<host>/v1/<engine>/keys/<name>',
  hckms: '<region>:<key id>',
};

/**
 * One key as a flag, an environment variable or `.sops.yaml` names it (SOPS-FORMAT 6.2). `enc` is
 * empty. Space around it is cut; PGP, AWS and GCP keys lose all spaces, as in sops.
 * @throws TidelockError ERR_KEY_SPEC naming the kind and what a right one looks like. The text is
 * repeated only where it begins as the name of a cloud key does: else it may be a secret key given by
 * mistake.
 */
export function parseKey(type: MasterKeyType, text: string, options: KeySpecOptions): MasterKey {
  const key = text.length > LONGEST ? null : read(type, text.trim(), options);
  if (key !== null) return key;
  throw refusal(type, `This is not ${article(type)} key`, text);
}

/**
 * The comma-separated list of a flag or an environment variable. '' is an empty list; an empty entry
 * is an error.
 * @throws TidelockError ERR_KEY_SPEC saying which entry
 */
export function parseKeyList(
  type: MasterKeyType,
  list: string,
  options: KeySpecOptions,
): readonly MasterKey[] {
  if (list === '') return [];
  return list.split(',').map((entry, index) => {
    const key = entry.length > LONGEST ? null : read(type, entry.trim(), options);
    if (key !== null) return key;
    const problem = entry.trim() === '' ? 'is empty' : `is not ${article(type)} key`;
    throw refusal(type, `Entry ${index + 1} of the list ${problem}`, entry);
  });
}

/**
 * Checks a key that was put together from separate fields (a key group of `.sops.yaml`).
 * @throws TidelockError ERR_KEY_SPEC
 */
export function checkKey(key: MasterKey): void {
  if (isWellFormed(key)) return;
  throw refusal(key.type, `This is not ${article(key.type)} key`, '');
}

function read(type: MasterKeyType, text: string, options: KeySpecOptions): MasterKey | null {
  const dated = { enc: '', createdAt: options.createdAt };
  switch (type) {
    case 'age':
      return parseAgeRecipient(text) === null ? null : { type, recipient: text, enc: '' };
    case 'pgp': {
      const fingerprint = parsePgpFingerprint(withoutSpaces(text));
      return fingerprint === null ? null : { type, fingerprint, ...dated };
    }
    case 'kms':
      return readAwsKey(withoutSpaces(text), options);
    case 'gcp_kms':
      return parseGcpKey(withoutSpaces(text), dated);
    case 'azure_kv':
      return parseAzureKey(text, dated);
    case 'hc_vault':
      return parseVaultKey(text, dated);
    case 'hckms':
      return parseHuaweiKey(text, dated);
  }
}

function readAwsKey(text: string, options: KeySpecOptions): MasterKey | null {
  const plus = text.indexOf('+arn:');
  const key: MasterKey = {
    type: 'kms',
    arn: plus === -1 ? text : text.slice(0, plus),
    role: plus === -1 ? '' : text.slice(plus + 1),
    context: options.context ?? new Map<string, string>(),
    awsProfile: options.awsProfile ?? '',
    enc: '',
    createdAt: options.createdAt,
  };
  return isWellFormed(key) ? key : null;
}

function isWellFormed(key: MasterKey): boolean {
  const undated = { enc: '', createdAt: '' };
  switch (key.type) {
    case 'age':
      return parseAgeRecipient(key.recipient) !== null;
    case 'pgp':
      return parsePgpFingerprint(key.fingerprint) !== null;
    case 'kms':
      return awsRegion(key.arn) !== null && (key.role === '' || /^arn:[!-~]+$/.test(key.role));
    case 'gcp_kms':
      return parseGcpKey(key.resourceId, undated) !== null;
    case 'azure_kv':
      return parseAzureKey(`${key.vaultUrl}/keys/${key.name}/${key.version}`, undated) !== null;
    case 'hc_vault':
      return (
        parseVaultKey(`${key.vaultAddress}/v1/${key.enginePath}/keys/${key.keyName}`, undated) !==
        null
      );
    case 'hckms':
      return parseHuaweiKey(key.keyId, undated) !== null;
  }
}

/** The region an AWS KMS ARN names (SOPS-FORMAT 6.2); null when it is not such an ARN. */
export function awsRegion(arn: string): string | null {
  if (arn.length > 2048) return null;
  return /^arn:aws[\w-]*:kms:([^:\s]+):[0-9]+:(?:key|alias)\/[^\s+]+$/.exec(arn)?.[1] ?? null;
}

function withoutSpaces(text: string): string {
  return text.replaceAll(' ', '');
}

function refusal(type: MasterKeyType, message: string, text: string): TidelockError {
  if (/SECRET-KEY|AGE-PLUGIN-|PRIVATE KEY/i.test(text)) {
    return new TidelockError('ERR_KEY_SPEC', `${message}: it is a secret key`, {
      hint: 'Give the public recipient; treat this secret key as exposed if it was written to a file or a shell history.',
    });
  }
  return new TidelockError('ERR_KEY_SPEC', `${message}${quoted(text)}`, {
    hint: `Expected ${EXAMPLES[type]}; a list is separated by commas.`,
  });
}

/** An address with a user name or a query may hold a credential. */
function quoted(text: string): string {
  const name = text.trim();
  return /^(?:arn:|projects\/|https?:\/\/)[!-~]{1,200}$/.test(name) && !/[@?#"]/.test(name)
    ? `: "${name}"`
    : '';
}

function article(type: MasterKeyType): string {
  const name = keyKindName(type);
  return `${/^[AaEI]/.test(name) ? 'an' : 'a'} ${name}`;
}
