import { type MasterKey, masterKeyId, parseAgeRecipient } from '@tidelock/core';
import { ownWords, type SafeText, say } from '../mask.ts';

/**
 * The name by which two spellings of one master key are equal: fingerprints without case and blanks,
 * ssh keys without their comment, URLs without a final slash or default port. AWS roles and contexts
 * count, a profile does not: it names a place on one machine.
 */
export function canonicalKey(key: MasterKey): string {
  return `${key.type} ${canonicalId(key)}`;
}

function canonicalId(key: MasterKey): string {
  switch (key.type) {
    case 'age':
      return canonicalAge(key.recipient);
    case 'pgp':
      return key.fingerprint
        .replace(/\s+|!$/g, '')
        .replace(/^0x/i, '')
        .toUpperCase();
    case 'kms':
      return [canonicalArn(key.arn), canonicalArn(key.role), contextOf(key.context)].join('|');
    case 'gcp_kms':
      return key.resourceId.trim().replace(/^\/+|\/+$/g, '');
    case 'azure_kv':
      return `${canonicalUrl(key.vaultUrl)} ${key.name.toLowerCase()} ${key.version.toLowerCase()}`;
    case 'hc_vault':
      return `${canonicalUrl(key.vaultAddress)} ${trimSlashes(key.enginePath)} ${key.keyName}`;
    case 'hckms':
      return key.keyId.trim().toLowerCase();
  }
}

function canonicalAge(recipient: string): string {
  const text = recipient.trim();
  if (text.startsWith('ssh-')) return text.split(/\s+/).slice(0, 2).join(' ');
  return text.toLowerCase();
}

/** Partition, service and region have no case; a key id is hexadecimal, an alias and a role keep theirs. */
function canonicalArn(arn: string): string {
  const parts = arn.trim().split(':');
  const resource = parts.slice(5).join(':');
  const head = parts.slice(0, 5).map((part) => part.toLowerCase());
  return [...head, resource.startsWith('key/') ? resource.toLowerCase() : resource].join(':');
}

function contextOf(context: ReadonlyMap<string, string>): string {
  return context.size === 0
    ? ''
    : JSON.stringify([...context].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function canonicalUrl(url: string): string {
  const match = /^(https?):\/\/([^/?#]*)([^?#]*)/i.exec(url.trim());
  if (match === null) return trimSlashes(url.trim());
  const scheme = (match[1] ?? '').toLowerCase();
  const host = (match[2] ?? '').toLowerCase().replace(scheme === 'https' ? /:443$/ : /:80$/, '');
  return `${scheme}://${host}${(match[3] ?? '').replace(/\/+$/, '')}`;
}

function trimSlashes(text: string): string {
  return text.replace(/^\/+|\/+$/g, '');
}

/** Whether a file's key is the one that is asked for. An Azure key without a version is any of its versions. */
export function isKeyAskedFor(wanted: MasterKey, have: MasterKey): boolean {
  if (canonicalKey(wanted) === canonicalKey(have)) return true;
  if (wanted.type !== 'azure_kv' || have.type !== 'azure_kv' || wanted.version !== '') return false;
  return canonicalKey(wanted) === canonicalKey({ ...have, version: '' });
}

/**
 * Whether two keys of different names may be one, which nobody can tell offline: an alias beside a
 * key id of one account and region, an Azure key with its version beside one without, a long key id
 * beside a fingerprint that ends in it.
 */
export function mayBeSame(a: MasterKey, b: MasterKey): boolean {
  if (a.type === 'kms' && b.type === 'kms') return mayBeSameArn(a, b);
  if (a.type === 'azure_kv' && b.type === 'azure_kv') {
    const versionless = (key: typeof a) => canonicalId({ ...key, version: '' });
    return versionless(a) === versionless(b) && (a.version === '' || b.version === '');
  }
  if (a.type === 'pgp' && b.type === 'pgp') {
    const [short = '', long = ''] = [canonicalId(a), canonicalId(b)].sort(
      (x, y) => x.length - y.length,
    );
    return short.length >= 8 && short.length < long.length && long.endsWith(short);
  }
  return false;
}

type AwsKey = Extract<MasterKey, { type: 'kms' }>;

function mayBeSameArn(a: AwsKey, b: AwsKey): boolean {
  const place = (key: AwsKey) => canonicalArn(key.arn).split(':').slice(0, 5).join(':');
  const isAlias = (key: AwsKey) =>
    canonicalArn(key.arn).split(':')[5]?.startsWith('alias/') === true;
  const rest = (key: AwsKey) => `${canonicalArn(key.role)}|${contextOf(key.context)}`;
  return place(a) === place(b) && isAlias(a) !== isAlias(b) && rest(a) === rest(b);
}

const LONGEST_SHOWN = 200;

/**
 * A key as a message may name it: its kind and public id. What is no public id, as a secret key in
 * its place, is not shown.
 */
export function keyText(key: MasterKey): SafeText {
  const id = masterKeyId(key);
  const shown = isPublicId(key, id) ? ownWords(shorten(id)) : say`(no such key's id)`;
  return say`${ownWords(key.type)} ${shown}`;
}

function shorten(id: string): string {
  return id.length <= LONGEST_SHOWN ? id : `${id.slice(0, LONGEST_SHOWN - 1)}…`;
}

function isPublicId(key: MasterKey, id: string): boolean {
  switch (key.type) {
    case 'age':
      return parseAgeRecipient(id) !== null;
    case 'pgp':
      return /^(?:0x)?[0-9a-f ]{8,64}!?$/i.test(id);
    case 'kms':
      return /^arn:[a-z-]+:kms:/i.test(id);
    case 'gcp_kms':
      return /^\/?projects\//.test(id);
    case 'azure_kv':
    case 'hc_vault':
      return /^https?:\/\/[^@]*$/i.test(id);
    case 'hckms':
      return /^[a-z0-9-]+:[0-9a-f-]+$/i.test(id);
  }
}
