import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPolicy } from '../../src/policy/read-policy.ts';

const options = { ruleIds: new Set(['plaintext/token']), now: new Date('2026-06-01T00:00:00Z') };
const read = (text: string) => readPolicy(Buffer.from(text), options);
const AGE = 'age1nld4jchnfdg4y0yfhh2ezck8vegr9uv2qh8quhgnnt7ejzg3a59selcl4m';

const FULL = `version: 1
recipients:
  flux-prod: { age: ${AGE} }
  alice: { pgp: 85D77543B3D624B63CEA9E6DBC17301B491B3F21, owner: "@alice", until: 2027-01-31 }
  prod-kms: { aws_kms: "arn:aws:kms:eu-west-1:123456789012:key/4f6cd2a5-2f2c-4fd4-a3a5-9a9d7c1f7c11", role: "arn:aws:iam::123456789012:role/x" }
groups: { admins: [alice] }
rules:
  - name: production
    paths: ["clusters/prod/**"]
    encrypted: true
    recipients: { all: [flux-prod], at_least: { 1: admins }, none: [prod-kms], others: deny }
    key_groups: { at_least: 2, threshold: 2 }
    selection: { encrypted_regex: "^(data|stringData)$" }
    max_data_key_age: 90d
    severity: error
allow:
  - { rule: plaintext/token, path: "test/fixtures/**", reason: "fake cluster", until: 2027-06-30 }
limits: { file_size: 5MiB }
rotation: { schedule: 90d, group_by: rule, max_open: 5, reviewers: codeowners }
`;

describe('readPolicy', () => {
  it('reads everything a policy can say', () => {
    const { policy, problems } = read(FULL);
    expect(problems).toEqual([]);
    expect(policy.largestFile).toBe(5 * 1024 * 1024);
    expect(policy.recipients.get('alice')?.until?.toISOString()).toBe('2027-01-31T00:00:00.000Z');
    expect(policy.rules[0]).toMatchObject({
      encrypted: true,
      maxDataKeyAge: 90,
      recipients: {
        all: ['flux-prod'],
        atLeast: [{ count: 1, of: ['admins'] }],
        none: ['prod-kms'],
        others: 'deny',
      },
    });
    expect(policy.rotation).toEqual({
      schedule: 90,
      groupBy: 'rule',
      maxOpen: 5,
      reviewers: ['codeowners'],
    });
  });

  it.each([
    ['version: 2', 'version'],
    [FULL.replace('others: deny', 'others: maybe'), 'others'],
    [FULL.replace('[alice]', '[alicia]'), 'alicia'],
    [FULL.replace('90d\n', 'soon\n'), 'max_data_key_age'],
    [FULL.replace('"^(data|', '"^((data|'), 'regular expression'],
    [FULL.replace('plaintext/token', 'plaintext/tokn'), 'plaintext/tokn'],
    [FULL.replace('2027-06-30', '2026-05-30'), 'expired'],
    [FULL.replace('2027-01-31', '2027-02-31'), 'until'],
    [FULL.replace(`age: ${AGE}`, `age: ${AGE}x`), 'age'],
    [`${FULL}version: 1\n`, 'twice'],
    ['[', ''],
    ['', 'empty'],
  ])('refuses %#', (text, word) => {
    const { problems } = read(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.map(({ message }) => message).join('\n')).toContain(word);
  });

  it('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.nat(FULL.length), fc.nat(40), fc.string({ maxLength: 12 }), (at, cut, put) => {
        read(FULL.slice(0, at) + put + FULL.slice(at + cut));
      }),
      { numRuns: 300 },
    );
  });

  it('ships a schema with the same keys', () => {
    const path = new URL('../../schema/tidelock.schema.json', import.meta.url);
    const schema = JSON.parse(readFileSync(path, 'utf8'));
    expect(Object.keys(schema.properties)).toEqual([
      'version',
      'recipients',
      'groups',
      'rules',
      'allow',
      'limits',
      'rotation',
    ]);
    expect(schema.additionalProperties).toBe(false);
  });
});
