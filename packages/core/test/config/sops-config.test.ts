import { describe, expect, it } from 'vitest';
import { configCandidates, discoverSopsConfig } from '../../src/config/discover.ts';
import { keyGroupsOf } from '../../src/config/key-groups.ts';
import { matchCreationRule, relativeToConfig } from '../../src/config/match-rule.ts';
import { parseSopsConfig, readSopsConfig } from '../../src/config/sops-config.ts';
import { masterKeyId } from '../../src/document/metadata.ts';

const AGE_1 = 'age1kzdgk3ls7fpwe3k4zr6d8xctsxrq2kzh8600r9lxtdr430m3d45sten9va';
const FP = 'A'.repeat(40);
const ARN = 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-0000-0000-000000000000';
const read = (text: string) => readSopsConfig(Buffer.from(text));
const parse = (text: string) => parseSopsConfig(Buffer.from(text), '.sops.yaml');
const createdAt = '2026-01-01T00:00:00Z';

describe('creation rules', () => {
  it('first match wins, without path_regex everything matches', () => {
    const config = parse(
      `creation_rules:\n  - path_regex: prod/.*\\.yaml$\n    pgp: ${FP}\n  - age: ${AGE_1}\n`,
    );
    expect(matchCreationRule(config, 'a/prod/x.yaml')?.index).toBe(0);
    expect(matchCreationRule(config, 'prod/x.yml')?.index).toBe(1);
  });

  it('reads flat keys as text and as list, in the order of sops', () => {
    const config = parse(
      `creation_rules:\n  - pgp: [${FP}]\n    kms: ${ARN}+arn:aws:iam::123456789012:role/r\n    aws_profile: p\n    age: >-\n      ${AGE_1},\n      ${AGE_1}\n    shamir_threshold: 2\n    encrypted_regex: ^(data|stringData)$\n    mac_only_encrypted: true\n`,
    );
    const rule = matchCreationRule(config, 'x');
    expect(rule).toMatchObject({
      shamirThreshold: 2,
      macOnlyEncrypted: true,
      selection: { rule: 'encrypted_regex', value: '^(data|stringData)$' },
    });
    if (rule === null) throw new Error('no rule');
    expect(keyGroupsOf(rule, { createdAt }).map((group) => group.keys.map(masterKeyId))).toEqual([
      [AGE_1, AGE_1, FP, `${ARN}+arn:aws:iam::123456789012:role/r||p`],
    ]);
  });

  it('reads key groups with merge, anchors and context, duplicates dropped', () => {
    const config = parse(
      `keys:\n  - &alice ${AGE_1}\ncreation_rules:\n  - key_groups:\n      - merge:\n          - age: [*alice]\n            pgp: [${FP}]\n        age: [*alice]\n        kms:\n          - arn: ${ARN}\n            context: {b: "2", a: 1}\n      - hc_vault: [https://vault.example/v1/transit/keys/k]\n        gcp_kms: [{resource_id: projects/p/locations/l/keyRings/r/cryptoKeys/k}]\n        azure_keyvault: [{vaultUrl: https://v.vault.azure.net, key: n, version: v1}]\n`,
    );
    const rule = matchCreationRule(config, 'x');
    if (rule === null) throw new Error('no rule');
    expect(keyGroupsOf(rule, { createdAt }).map((group) => group.keys.map(masterKeyId))).toEqual([
      [AGE_1, FP, `${ARN}|a:1,b:2`],
      [
        'projects/p/locations/l/keyRings/r/cryptoKeys/k',
        'https://v.vault.azure.net/keys/n/v1',
        'https://vault.example/v1/transit/keys/k',
      ],
    ]);
  });

  it('knows absent rules from an empty list', () => {
    expect(parse('stores: {yaml: {indent: 2}}\n')).toMatchObject({
      creationRules: null,
      stores: { yamlIndent: 2 },
    });
    expect(parse('creation_rules:\n').creationRules).toBeNull();
    expect(parse('creation_rules: []\n').creationRules).toEqual([]);
    expect(parse('').creationRules).toBeNull();
  });
});

describe('mistakes', () => {
  it.each([
    [
      'creation_rules:\n  - encrypted_regexp: x\n',
      'unknown-key',
      2,
      5,
      'Did you mean `encrypted_regex`?',
    ],
    ['creation_rule:\n  - age: x\n', 'unknown-key', 1, 1, 'Did you mean `creation_rules`?'],
    [
      'creation_rules:\n  - encrypted-regex: x\n',
      'unknown-key',
      2,
      5,
      'Did you mean `encrypted_regex`?',
    ],
    [
      "creation_rules:\n  - path_regex: '('\n",
      'bad-regex',
      2,
      17,
      'The syntax is RE2 (Go): no look-around, no back-references.',
    ],
    [
      "creation_rules:\n  - encrypted_regex: '(?!a)'\n",
      'bad-regex',
      2,
      22,
      'The syntax is RE2 (Go): no look-around, no back-references.',
    ],
    ['creation_rules:\n  - age: [1]\n', 'bad-value', 2, 11, undefined],
    ['creation_rules:\n  - age: a\n    age: b\n', 'duplicate-key', 3, 5, undefined],
    [
      'creation_rules:\n  - encrypted_regex: a\n    unencrypted_suffix: b\n',
      'selection-conflict',
      3,
      5,
      'Keep one of them: a file has one selection rule.',
    ],
    ['creation_rules: {a: 1}\n', 'bad-value', 1, 17, undefined],
    ['creation_rules:\n  - key_groups:\n      - kms: [{role: x}]\n', 'bad-value', 3, 15, undefined],
    ['a: [\n', 'syntax', undefined, undefined, undefined],
    ['- x\n', 'bad-value', 1, 1, undefined],
  ])('%j is told with its place', (text, code, line, column, hint) => {
    const [problem] = read(text).problems;
    expect(problem?.code).toBe(code);
    if (line !== undefined) expect(problem?.position).toEqual({ line, column });
    expect(problem?.code === 'syntax' ? undefined : problem?.hint).toBe(hint);
    expect(() => parse(text)).toThrow();
  });
});

describe('look-up', () => {
  const files = (paths: readonly string[]) => async (path: string) =>
    paths.includes(path) ? Buffer.from('') : null;

  it('goes upward from the working directory', async () => {
    expect((await discoverSopsConfig('/a/b/c', files(['/a/.sops.yaml', '/.sops.yaml']))).path).toBe(
      '/a/.sops.yaml',
    );
    expect((await discoverSopsConfig('/', files(['/.sops.yaml']))).path).toBe('/.sops.yaml');
    const none = await discoverSopsConfig('/a/b', files(['/a/.sops.yml']));
    expect(none).toMatchObject({
      path: null,
      warnings: [expect.stringContaining('ignoring ".sops.yml"')],
    });
  });

  it('stays in the repository for a file', () => {
    expect(configCandidates('a/b/c.yaml')).toEqual([
      'a/b/.sops.yaml',
      'a/.sops.yaml',
      '.sops.yaml',
    ]);
    expect(configCandidates('c.yaml')).toEqual(['.sops.yaml']);
  });

  it('matches paths below the configuration relative to it', () => {
    expect(relativeToConfig('/r/.sops.yaml', '/r/a/b.yaml')).toBe('a/b.yaml');
    expect(relativeToConfig('/r/.sops.yaml', '/other/b.yaml')).toBe('/other/b.yaml');
  });
});
