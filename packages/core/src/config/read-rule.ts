import type { Selection, SelectionRule } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import type { YamlNode } from '../yaml/nodes.ts';
import type { ConfigReader, Field } from './config-reader.ts';
import type { CreationRule } from './creation-rule.ts';
import { FLAT_KEY_FIELDS, readFlatKeys, readKeyGroups } from './read-keys.ts';
import { compileRegex, type Matches } from './regex.ts';

const SELECTION_RULES: readonly SelectionRule[] = [
  'unencrypted_suffix',
  'encrypted_suffix',
  'unencrypted_regex',
  'encrypted_regex',
  'unencrypted_comment_regex',
  'encrypted_comment_regex',
];

const RULE_FIELDS = [
  'path_regex',
  ...FLAT_KEY_FIELDS,
  'key_groups',
  'shamir_threshold',
  ...SELECTION_RULES,
  'mac_only_encrypted',
];

const everything: Matches = () => true;
const nothing: Matches = () => false;

/** One creation rule; its mistakes go to the reader's problems. */
export function readCreationRule(
  reader: ConfigReader,
  node: YamlNode,
  index: number,
): CreationRule {
  const record = reader.record(node, 'a creation rule', RULE_FIELDS);
  const path = readPathRegex(reader, record.get('path_regex'));
  const groups = record.get('key_groups');
  const hasGroups = groups !== undefined && !reader.isNull(groups.value);
  const flat = hasGroups ? [] : readFlatKeys(reader, record);
  const threshold = record.get('shamir_threshold');
  const macOnly = record.get('mac_only_encrypted');
  return {
    index,
    position: reader.positionOf(node),
    ...path,
    keyGroups: hasGroups ? readKeyGroups(reader, groups.value) : flat.length === 0 ? [] : [flat],
    shamirThreshold:
      threshold === undefined ? null : reader.integer(threshold.value, '`shamir_threshold`'),
    selection: readSelection(reader, record),
    macOnlyEncrypted:
      macOnly === undefined ? null : reader.boolean(macOnly.value, '`mac_only_encrypted`'),
  };
}

export function readPathRegex(
  reader: ConfigReader,
  field: Field | undefined,
): { readonly pathRegex: string | null; readonly matches: Matches } {
  const pathRegex = field === undefined ? null : reader.text(field.value, '`path_regex`');
  if (field === undefined || pathRegex === null || pathRegex === '')
    return { pathRegex: null, matches: everything };
  return { pathRegex, matches: readRegex(reader, field, pathRegex) };
}

/** A broken expression matches nothing and is reported: in sops it would encrypt nothing. */
function readRegex(reader: ConfigReader, field: Field, pattern: string): Matches {
  try {
    return compileRegex(pattern);
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    reader.report('bad-regex', field.value, `\`${field.name}\`: ${error.message}`, error.hint);
    return nothing;
  }
}

function readSelection(reader: ConfigReader, record: ReadonlyMap<string, Field>): Selection | null {
  const selections: Selection[] = [];
  const given = SELECTION_RULES.flatMap((rule) => {
    const field = record.get(rule);
    return field === undefined ? [] : [{ rule, field }];
  }).sort((a, b) => a.field.key.span.start - b.field.key.span.start);
  for (const { rule, field } of given) {
    const value = reader.text(field.value, `\`${rule}\``);
    if (value === null || value === '') continue;
    if (rule.endsWith('regex')) readRegex(reader, field, value);
    if (selections.length > 0) {
      reader.report(
        'selection-conflict',
        field.key,
        `\`${selections[0]?.rule}\` and \`${rule}\` contradict each other`,
        'Keep one of them: a file has one selection rule.',
      );
    }
    selections.push({ rule, value });
  }
  return selections[0] ?? null;
}
