import {
  compileRegex,
  type Field,
  followAlias,
  type Selection,
  TidelockError,
  type YamlNode,
} from '@tidelock/core';
import type { Fields, PolicyReader } from './policy-reader.ts';
import type { AccessRule, RecipientRule } from './tidelock-policy.ts';

const FIELDS = [
  'name',
  'paths',
  'encrypted',
  'recipients',
  'key_groups',
  'selection',
  'max_data_key_age',
  'severity',
];
const SELECTIONS = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
] as const;

/** Says whether a name is that of a recipient or group, and reports it when not. */
export type CheckName = (name: string, node: YamlNode) => boolean;

/** `rules:` of `.tidelock.yaml`. */
export function readAccessRules(
  reader: PolicyReader,
  field: Field | undefined,
  isName: CheckName,
): readonly AccessRule[] {
  if (field === undefined) return [];
  return reader.elements(field.value, '`rules`').map((node, index) => {
    const fields = reader.record(node, 'a rule', FIELDS);
    const paths = reader.texts(fields.get('paths')).map(({ text }) => text);
    if (paths.length === 0)
      reader.report('bad-value', node, 'a rule needs `paths`', 'paths: ["clusters/prod/**"]');
    const name = fields.get('name');
    const encrypted = fields.get('encrypted');
    return {
      name:
        (name === undefined ? null : reader.looseText(name.value, '`name`')) ?? `rule ${index + 1}`,
      position: reader.positionOf(node),
      paths,
      encrypted: encrypted !== undefined && reader.boolean(encrypted.value, '`encrypted`') === true,
      recipients: readRecipientRule(reader, fields.get('recipients'), isName),
      keyGroups: readKeyGroupRule(reader, fields.get('key_groups')),
      selection: readSelection(reader, fields.get('selection')),
      maxDataKeyAge: reader.days(fields.get('max_data_key_age')),
      severity: reader.word(fields.get('severity'), ['error', 'warning', 'note']),
    };
  });
}

function readRecipientRule(
  reader: PolicyReader,
  field: Field | undefined,
  isName: CheckName,
): RecipientRule | null {
  if (field === undefined) return null;
  const known = ['all', 'at_least', 'any', 'none', 'others'];
  const fields = reader.record(field.value, '`recipients` of a rule', known);
  const names = (list: Field | undefined) =>
    reader
      .texts(list)
      .filter(({ text, node }) => isName(text, node))
      .map(({ text }) => text);
  return {
    all: names(fields.get('all')),
    atLeast: readAtLeast(reader, fields.get('at_least'), names),
    any: names(fields.get('any')),
    none: names(fields.get('none')),
    others: reader.word(fields.get('others'), ['allow', 'deny']) ?? 'allow',
  };
}

/** `{ 2: admins }`: two of a group, or of a list of names. */
function readAtLeast(
  reader: PolicyReader,
  field: Field | undefined,
  names: (list: Field) => readonly string[],
): RecipientRule['atLeast'] {
  if (field === undefined) return [];
  return reader.fields(field.value, '`at_least`').flatMap((entry) => {
    const count = Number(entry.name);
    if (/^[1-9]\d{0,3}$/.test(entry.name)) return [{ count, of: names(entry) }];
    reader.report('bad-value', entry.key, '`at_least` maps a number to a group, as { 2: admins }');
    return [];
  });
}

function readKeyGroupRule(reader: PolicyReader, field: Field | undefined): AccessRule['keyGroups'] {
  if (field === undefined) return null;
  const fields = reader.record(field.value, '`key_groups` of a rule', ['at_least', 'threshold']);
  return {
    atLeast: reader.count(fields.get('at_least')),
    threshold: reader.count(fields.get('threshold')),
  };
}

function readSelection(reader: PolicyReader, field: Field | undefined): Selection | null {
  if (field === undefined) return null;
  const fields: Fields = reader.record(field.value, '`selection`', SELECTIONS);
  const given = SELECTIONS.flatMap((rule) => {
    const one = fields.get(rule);
    const value = one === undefined ? null : reader.text(one.value, `\`${rule}\``);
    if (one === undefined || value === null) return [];
    if (rule.endsWith('regex')) checkRegex(reader, one.value, value);
    return [{ rule, value }];
  });
  if (given.length !== 1 && followAlias(field.value).kind === 'map')
    reader.report('selection-conflict', field.value, '`selection` takes exactly one rule');
  return given[0] ?? null;
}

function checkRegex(reader: PolicyReader, node: YamlNode, pattern: string): void {
  try {
    compileRegex(pattern);
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    reader.report('bad-regex', node, error.message, error.hint);
  }
}
