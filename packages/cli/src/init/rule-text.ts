import { type MasterKey, type MasterKeyType, masterKeyId, type Selection } from '@tidelock/core';
import { yamlText } from './yaml-insertion.ts';

/** A creation rule that is about to be written. */
export interface ProposedRule {
  /** Lines above it, for those who read the file. */
  readonly comment: readonly string[];
  readonly pathRegex: string;
  /** null: everything is encrypted, as sops does by default. */
  readonly selection: Selection | null;
  readonly keys: readonly MasterKey[];
}

/** Fields of `.sops.yaml` and of `.tidelock.yaml`, in the order in which sops puts keys into a group. */
const FIELDS: readonly (readonly [MasterKeyType, string, string])[] = [
  ['age', 'age', 'age'],
  ['pgp', 'pgp', 'pgp'],
  ['kms', 'kms', 'aws_kms'],
  ['gcp_kms', 'gcp_kms', 'gcp_kms'],
  ['hckms', 'hckms', 'hckms'],
  ['azure_kv', 'azure_keyvault', 'azure_keyvault'],
  ['hc_vault', 'hc_vault_transit_uri', 'hc_vault'],
];

/** The rule as an element of `creation_rules`, without indentation. */
export function ruleLines({ comment, pathRegex, selection, keys }: ProposedRule): string[] {
  const fields = FIELDS.flatMap(([type, field]) => {
    const ids = keys.filter((key) => key.type === type).map(masterKeyId);
    return ids.length === 0 ? [] : [`  ${field}: ${yamlText(ids.join(','))}`];
  });
  return [
    ...comment.map((line) => `# ${line}`),
    `- path_regex: ${yamlText(pathRegex)}`,
    ...(selection === null ? [] : [`  ${selection.rule}: ${yamlText(selection.value)}`]),
    ...fields,
  ];
}

/** A whole `.sops.yaml`. */
export function configText(rules: readonly ProposedRule[]): string {
  const lines = rules.flatMap(ruleLines).map((line) => `  ${line}\n`);
  return `# Who can read which file: the first rule whose path_regex matches a path decides.
# After a change of keys: tidelock updatekeys .
creation_rules:
${lines.join('')}`;
}

/** The key as a recipient of `.tidelock.yaml`: `{ age: age1... }`. */
export function recipientText(key: MasterKey): string {
  const field = FIELDS.find(([type]) => type === key.type)?.[2] ?? key.type;
  if (key.type !== 'kms') return `{ ${field}: ${flowText(masterKeyId(key))} }`;
  const role = key.role === '' ? '' : `, role: ${flowText(key.role)}`;
  return `{ ${field}: ${flowText(key.arn)}${role} }`;
}

/** Within braces a colon, a comma or a bracket needs quotes. */
const flowText = (text: string) =>
  /^[A-Za-z][\w./-]*$/.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
