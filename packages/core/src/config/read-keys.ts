import type { MasterKeyType } from '../document/metadata.ts';
import type { YamlNode } from '../yaml/nodes.ts';
import type { ConfigReader, Field } from './config-reader.ts';
import { followAlias } from './config-reader.ts';
import type { KeySpec } from './creation-rule.ts';

/** Flat fields of a rule, in the order in which sops puts their keys into the one group. */
const FLAT_ORDER: readonly (readonly [string, MasterKeyType])[] = [
  ['age', 'age'],
  ['pgp', 'pgp'],
  ['kms', 'kms'],
  ['gcp_kms', 'gcp_kms'],
  ['hckms', 'hckms'],
  ['azure_keyvault', 'azure_kv'],
  ['hc_vault_transit_uri', 'hc_vault'],
];

/** Fields of a key group, in the same sense. */
const GROUP_ORDER: readonly (readonly [string, MasterKeyType])[] = [
  ['age', 'age'],
  ['pgp', 'pgp'],
  ['kms', 'kms'],
  ['gcp_kms', 'gcp_kms'],
  ['hckms', 'hckms'],
  ['azure_keyvault', 'azure_kv'],
  ['hc_vault', 'hc_vault'],
];

export const FLAT_KEY_FIELDS = [...FLAT_ORDER.map(([name]) => name), 'aws_profile'];
const GROUP_FIELDS = [...GROUP_ORDER.map(([name]) => name), 'merge'];

const DEEPEST_MERGE = 50;
const MOST_KEYS = 10_000;

type Record = ReadonlyMap<string, Field>;

/** The keys of a rule's flat fields: comma-separated text or a list of texts (SOPS-FORMAT 8.3). */
export function readFlatKeys(reader: ConfigReader, rule: Record): readonly KeySpec[] {
  const profile = rule.get('aws_profile');
  const awsProfile = profile === undefined ? null : reader.text(profile.value, '`aws_profile`');
  return FLAT_ORDER.flatMap(([name, type]) => {
    const field = rule.get(name);
    if (field === undefined) return [];
    return texts(reader, field).map(({ text, node }) => ({
      type,
      text,
      ...(type === 'kms' && awsProfile !== null ? { awsProfile } : {}),
      position: reader.positionOf(node),
    }));
  });
}

interface PlacedText {
  readonly text: string;
  readonly node: YamlNode;
}

/** Text is split at commas, trimmed, empties dropped; each element of a list is one key. */
function texts(reader: ConfigReader, field: Field): readonly PlacedText[] {
  const value = followAlias(field.value);
  if (value.kind === 'list') {
    return value.elements.flatMap((node) => {
      const text = reader.text(node, `each key of \`${field.name}\``);
      return text === null ? [] : split(text, node);
    });
  }
  const text = reader.text(field.value, `\`${field.name}\``);
  return text === null ? [] : split(text, field.value);
}

function split(text: string, node: YamlNode): readonly PlacedText[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => ({ text: part, node }));
}

/** `key_groups`: each with what it merges first, duplicates dropped (SOPS-FORMAT 8.3). */
export function readKeyGroups(
  reader: ConfigReader,
  node: YamlNode,
): readonly (readonly KeySpec[])[] {
  return reader.elements(node, '`key_groups`').map((group) => {
    const keys = readGroup(reader, group, 0);
    const seen = new Set<string>();
    return keys.filter((key) => {
      const id = JSON.stringify([
        key.type,
        key.text,
        key.role ?? '',
        [...(key.context ?? [])].sort(),
        key.awsProfile ?? '',
      ]);
      return seen.size < seen.add(id).size;
    });
  });
}

function readGroup(reader: ConfigReader, node: YamlNode, depth: number): readonly KeySpec[] {
  if (depth > DEEPEST_MERGE) {
    reader.report('bad-value', node, '`merge` is nested too deeply');
    return [];
  }
  const group = reader.record(node, 'a key group', GROUP_FIELDS);
  const keys: KeySpec[] = [];
  const merge = group.get('merge');
  for (const part of merge === undefined ? [] : reader.elements(merge.value, '`merge`')) {
    keys.push(...readGroup(reader, part, depth + 1));
    if (keys.length > MOST_KEYS) {
      reader.report('bad-value', part, `a key group holds more than ${MOST_KEYS} keys`);
      return [];
    }
  }
  for (const [name, type] of GROUP_ORDER) {
    const field = group.get(name);
    if (field === undefined) continue;
    for (const element of reader.elements(field.value, `\`${name}\` of a key group`)) {
      const key = readGroupKey(reader, element, type);
      if (key !== null) keys.push(key);
    }
  }
  return keys;
}

function readGroupKey(reader: ConfigReader, node: YamlNode, type: MasterKeyType): KeySpec | null {
  const position = reader.positionOf(node);
  if (type === 'kms') return readKmsKey(reader, node);
  if (type === 'gcp_kms' || type === 'hckms') {
    const name = type === 'gcp_kms' ? 'resource_id' : 'key_id';
    const field = reader.record(node, `a \`${type}\` key`, [name]).get(name);
    const text = field === undefined ? null : reader.text(field.value, `\`${name}\``);
    return text === null ? missing(reader, node, name) : { type, text, position };
  }
  if (type === 'azure_kv') return readAzureKey(reader, node);
  const text = reader.text(node, `each key of \`${type}\``);
  return text === null ? null : { type, text: text.trim(), position };
}

function readKmsKey(reader: ConfigReader, node: YamlNode): KeySpec | null {
  const record = reader.record(node, 'a `kms` key', ['arn', 'role', 'context', 'aws_profile']);
  const read = (name: string) => {
    const field = record.get(name);
    return field === undefined ? null : reader.text(field.value, `\`${name}\``);
  };
  const [arn, role, awsProfile] = [read('arn'), read('role'), read('aws_profile')];
  if (arn === null) return missing(reader, node, 'arn');
  const contextField = record.get('context');
  const context = new Map<string, string>();
  for (const field of contextField === undefined
    ? []
    : reader.fields(contextField.value, '`context`')) {
    const value = reader.looseText(field.value, `the context \`${field.name}\``);
    if (value !== null) context.set(field.name, value);
  }
  return {
    type: 'kms',
    text: arn,
    ...(role === null ? {} : { role }),
    ...(awsProfile === null ? {} : { awsProfile }),
    context,
    position: reader.positionOf(node),
  };
}

function readAzureKey(reader: ConfigReader, node: YamlNode): KeySpec | null {
  const record = reader.record(node, 'an `azure_keyvault` key', ['vaultUrl', 'key', 'version']);
  const read = (name: string) => {
    const field = record.get(name);
    return field === undefined ? null : reader.text(field.value, `\`${name}\``);
  };
  const [vaultUrl, key, version] = [read('vaultUrl'), read('key'), read('version')];
  if (vaultUrl === null) return missing(reader, node, 'vaultUrl');
  if (key === null) return missing(reader, node, 'key');
  const url = vaultUrl.replace(/\/+$/, '');
  return {
    type: 'azure_kv',
    text: `${url}/keys/${key}/${version ?? ''}`,
    position: reader.positionOf(node),
  };
}

function missing(reader: ConfigReader, node: YamlNode, name: string): null {
  reader.report('bad-value', node, `the key has no \`${name}\``);
  return null;
}
