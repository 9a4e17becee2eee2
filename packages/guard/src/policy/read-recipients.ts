import {
  type Field,
  type MasterKey,
  type MasterKeyType,
  parseKey,
  TidelockError,
} from '@tidelock/core';
import { canonicalKey } from './canonical-key.ts';
import type { Fields, PolicyReader } from './policy-reader.ts';
import type { NamedRecipient } from './tidelock-policy.ts';

const KINDS: ReadonlyMap<string, MasterKeyType> = new Map([
  ['age', 'age'],
  ['pgp', 'pgp'],
  ['aws_kms', 'kms'],
  ['gcp_kms', 'gcp_kms'],
  ['azure_keyvault', 'azure_kv'],
  ['hc_vault', 'hc_vault'],
  ['hckms', 'hckms'],
]);
const KNOWN = [...KINDS.keys(), 'role', 'context', 'owner', 'until', 'flux'];

/** `recipients:`: names for keys. */
export function readRecipients(
  reader: PolicyReader,
  field: Field | undefined,
): ReadonlyMap<string, NamedRecipient> {
  const named = new Map<string, NamedRecipient>();
  const keys = new Map<string, string>();
  if (field === undefined) return named;
  for (const entry of reader.fields(field.value, '`recipients`')) {
    const recipient = readRecipient(reader, entry);
    if (recipient === null) continue;
    const other = keys.get(canonicalKey(recipient.key));
    if (other !== undefined)
      reader.report(
        'bad-value',
        entry.key,
        `\`${entry.name}\` is the same key as \`${other}\``,
        'One key has one name.',
      );
    keys.set(canonicalKey(recipient.key), entry.name);
    named.set(entry.name, recipient);
  }
  return named;
}

function readRecipient(reader: PolicyReader, entry: Field): NamedRecipient | null {
  const fields = reader.record(entry.value, `the recipient \`${entry.name}\``, KNOWN);
  const given = [...KINDS].flatMap(([name, type]) => {
    const field = fields.get(name);
    return field === undefined ? [] : [{ field, type }];
  });
  const [only, second] = given;
  if (only === undefined || second !== undefined) {
    reader.report(
      'bad-value',
      entry.key,
      `\`${entry.name}\` must name exactly one key`,
      `One of: ${[...KINDS.keys()].join(', ')}.`,
    );
    return null;
  }
  const key = readKey(reader, only, fields);
  const owner = fields.get('owner');
  if (key === null) return null;
  return {
    name: entry.name,
    key,
    owner: owner === undefined ? null : reader.text(owner.value, '`owner`'),
    until: reader.date(fields.get('until')),
    flux: reader.texts(fields.get('flux')).map(({ text }) => text),
  };
}

function readKey(
  reader: PolicyReader,
  { field, type }: { readonly field: Field; readonly type: MasterKeyType },
  fields: Fields,
): MasterKey | null {
  const text = reader.looseText(field.value, `\`${field.name}\``);
  if (text === null) return null;
  const context = fields.get('context');
  const pairs = context === undefined ? [] : reader.fields(context.value, '`context`');
  try {
    const key = parseKey(type, text, { createdAt: '' });
    if (key.type !== 'kms') return key;
    const role = fields.get('role');
    const named = role === undefined ? null : reader.text(role.value, '`role`');
    const values = pairs.map(
      ({ name, value }) => [name, reader.looseText(value, 'a context value') ?? ''] as const,
    );
    return { ...key, role: named ?? key.role, context: new Map(values) };
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    reader.report('bad-key', field.value, error.message, error.hint);
    return null;
  }
}
