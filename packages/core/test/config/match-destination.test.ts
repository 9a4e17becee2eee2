import { describe, expect, it } from 'vitest';
import { matchDestinationRule } from '../../src/config/match-destination.ts';
import { parseSopsConfig, readSopsConfig } from '../../src/config/sops-config.ts';

const CONFIG = `
destination_rules:
  - s3_bucket: first
    s3_prefix: a/
    path_regex: ^prod/
  - vault_path: team
    vault_kv_version: 1
    path_regex: \\.enc\\.yaml$
  - gcs_bucket: rest
    omit_extensions: true
    recreation_rule:
      pgp: 85D77543B3D624B63CEA9E6DBC17301B491B3F21
`;
const config = parseSopsConfig(Buffer.from(CONFIG), '.sops.yaml');

describe('matchDestinationRule', () => {
  it.each([
    ['prod/x.enc.yaml', { kind: 's3', bucket: 'first', prefix: 'a/' }],
    ['dev/x.enc.yaml', { kind: 'vault', path: 'team', address: '', mount: 'secret/', version: 1 }],
    ['dev/x.yaml', { kind: 'gcs', bucket: 'rest', prefix: '' }],
  ])('sends %s by the first rule that matches', (path, destination) => {
    expect(matchDestinationRule(config, path)?.destination).toEqual(destination);
  });

  it('keeps what goes with a destination', () => {
    const rule = matchDestinationRule(config, 'x');
    expect(rule?.omitExtensions).toBe(true);
    expect(rule?.recreationRule?.keyGroups[0]?.map(({ type }) => type)).toEqual(['pgp']);
  });

  it('finds none where none matches', () => {
    const none = parseSopsConfig(Buffer.from('creation_rules: []\n'), '.sops.yaml');
    expect(matchDestinationRule(none, 'x')).toBeNull();
  });

  it('refuses a version that is no version', () => {
    const text = 'destination_rules:\n  - vault_path: a\n    vault_kv_version: 3\n';
    expect(readSopsConfig(Buffer.from(text)).problems).toEqual([
      expect.objectContaining({ code: 'bad-value', position: { line: 3, column: 23 } }),
    ]);
  });
});
