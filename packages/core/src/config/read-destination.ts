import type { YamlNode } from '../yaml/nodes.ts';
import type { ConfigReader } from './config-reader.ts';
import type { Destination, DestinationRule } from './creation-rule.ts';
import { readCreationRule, readPathRegex } from './read-rule.ts';

const FIELDS = [
  'path_regex',
  's3_bucket',
  's3_prefix',
  'gcs_bucket',
  'gcs_prefix',
  'vault_path',
  'vault_address',
  'vault_kv_mount_name',
  'vault_kv_version',
  'aws_secrets_manager_secret_name',
  'aws_region',
  'omit_extensions',
  'recreation_rule',
];

/** One destination rule (SOPS-FORMAT 8.3); null, with a problem, when it names no place or two. */
export function readDestinationRule(reader: ConfigReader, node: YamlNode): DestinationRule | null {
  const record = reader.record(node, 'a destination rule', FIELDS);
  const text = (name: string): string => {
    const field = record.get(name);
    return field === undefined ? '' : (reader.text(field.value, `\`${name}\``) ?? '');
  };
  const destinations: Destination[] = [];
  if (text('s3_bucket') !== '')
    destinations.push({ kind: 's3', bucket: text('s3_bucket'), prefix: text('s3_prefix') });
  if (text('gcs_bucket') !== '')
    destinations.push({ kind: 'gcs', bucket: text('gcs_bucket'), prefix: text('gcs_prefix') });
  if (text('vault_path') !== '') {
    const version = record.get('vault_kv_version');
    const number = version === undefined ? 2 : reader.integer(version.value, '`vault_kv_version`');
    if (version !== undefined && number !== null && number !== 1 && number !== 2)
      reader.report('bad-value', version.value, '`vault_kv_version` must be 1 or 2');
    destinations.push({
      kind: 'vault',
      path: text('vault_path'),
      address: text('vault_address'),
      mount: text('vault_kv_mount_name') || 'secret/',
      version: number === 1 ? 1 : 2,
    });
  }
  const secretName = text('aws_secrets_manager_secret_name');
  if (secretName !== '')
    destinations.push({ kind: 'secrets-manager', name: secretName, region: text('aws_region') });
  const [destination, other] = destinations;
  if (destination === undefined || other !== undefined) {
    reader.report(
      'bad-value',
      node,
      other === undefined
        ? 'the destination rule names no destination'
        : 'the destination rule names more than one destination',
    );
    return null;
  }
  const omit = record.get('omit_extensions');
  const recreation = record.get('recreation_rule');
  return {
    position: reader.positionOf(node),
    ...readPathRegex(reader, record.get('path_regex')),
    destination,
    omitExtensions: omit !== undefined && reader.boolean(omit.value, '`omit_extensions`') === true,
    recreationRule:
      recreation === undefined || reader.isNull(recreation.value)
        ? null
        : readCreationRule(reader, recreation.value, 0),
  };
}
