import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AwsKmsFake, startAwsKms } from '../../../../test/fakes/aws-kms.ts';
import type { AwsKmsKey } from '../../src/document/metadata.ts';
import { awsKeyService, sessionName } from '../../src/kms/aws.ts';
import { awsWireClient } from './aws-wire-client.ts';
import { cloudOptions } from './cloud-ports.ts';
import { describeKeyService, expectFailure } from './contract.ts';

let fake: AwsKmsFake;

beforeAll(async () => {
  fake = await startAwsKms();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.journal.length = 0;
  fake.faults.length = 0;
});

function awsKey(id = 'key/prod', more: Partial<AwsKmsKey> = {}): AwsKmsKey {
  const arn = `arn:aws:kms:eu-west-1:123456789012:${id}`;
  const none = { role: '', context: new Map<string, string>(), awsProfile: '' };
  return { type: 'kms', arn, ...none, enc: '', createdAt: '', ...more };
}

const service = () =>
  awsKeyService({ ...cloudOptions({}), awsConnect: awsWireClient(() => fake.url) });

describeKeyService('AWS KMS', () => ({
  service: service(),
  key: awsKey(),
  other: awsKey('key/other'),
  missing: awsKey('key/missing'),
}));

describe('awsKeyService', () => {
  it('binds the encryption context', async () => {
    const context = new Map([['env', 'prod']]);
    const enc = await service().wrap(awsKey('key/prod', { context }), randomBytes(32));
    expect(await service().unwrap(awsKey('key/prod', { context, enc }))).toHaveLength(32);
    const wrong = awsKey('key/prod', { context: new Map([['env', 'dev']]), enc });
    const error = await expectFailure(service().unwrap(wrong), 'ERR_KEY_UNWRAP');
    expect(error.message).toContain('encryption context');
  });

  it('makes one client for a region, role and profile', async () => {
    const targets: unknown[] = [];
    const connect = awsWireClient(() => fake.url);
    const shared = awsKeyService({
      ...cloudOptions({}),
      awsConnect: (target) => {
        targets.push([target.region, target.role, target.profile]);
        return connect(target);
      },
    });
    const role = 'arn:aws:iam::123456789012:role/ci';
    for (const key of [
      awsKey(),
      awsKey('key/other'),
      awsKey('key/prod', { role }),
      awsKey('key/prod', { role }),
    ]) {
      await shared.wrap(key, randomBytes(32));
    }
    expect(targets).toEqual([
      ['eu-west-1', '', ''],
      ['eu-west-1', role, ''],
    ]);
  });

  it('opens in one region what the key of another wrapped, when one is the replica of the other', async () => {
    const regions: string[] = [];
    const connect = awsWireClient(() => fake.url);
    const watched = awsKeyService({
      ...cloudOptions({}),
      awsConnect: (target) => {
        regions.push(target.region);
        return connect(target);
      },
    });
    const moved = (key: AwsKmsKey): AwsKmsKey => ({
      ...key,
      arn: key.arn.replace('eu-west-1', 'us-east-1'),
    });
    const dataKey = randomBytes(32);
    const enc = await watched.wrap(awsKey('key/mrk-1234'), dataKey);
    const replica = moved(awsKey('key/mrk-1234', { enc }));
    expect(Buffer.from((await watched.unwrap(replica)) ?? [])).toEqual(dataKey);
    expect(regions).toEqual(['eu-west-1', 'us-east-1']);
    const other = await watched.wrap(awsKey('key/1234'), dataKey);
    await expectFailure(
      watched.unwrap(moved(awsKey('key/1234', { enc: other }))),
      'ERR_KEY_UNWRAP',
    );
  });

  it('opens by an alias whatever key it points to now', async () => {
    const enc = await service().wrap(awsKey('key/old'), randomBytes(32));
    expect(await service().unwrap(awsKey('alias/app', { enc }))).toHaveLength(32);
  });

  it.each([
    ['DisabledException', /disabled/, 1],
    ['AccessDeniedException', /denies permission/, 1],
    ['ExpiredTokenException', /no valid AWS credentials/, 1],
    ['CredentialsProviderError', /no valid AWS credentials/, 1],
    ['ThrottlingException', /throttling \(5 attempts\)/, 5],
    ['KMSInternalException', /\(5 attempts\)/, 5],
    ['SomethingNewException', /SomethingNewException/, 1],
  ])('says what %s means', async (name, message, calls) => {
    for (let i = 0; i < 5; i++) fake.faults.push({ kind: 'error', name });
    const error = await expectFailure(service().wrap(awsKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('the fake refuses');
    expect(fake.journal).toHaveLength(calls);
  });

  it('tries again after a cut connection', async () => {
    fake.faults.push({ kind: 'cut' });
    await service().wrap(awsKey(), randomBytes(32));
    expect(fake.journal).toHaveLength(2);
  });

  it.each([
    'arn:aws:kms:evil.example/#:123456789012:key/a',
    'arn:aws:kms:attacker.example:123456789012:key/a',
  ])('contacts nobody for %s', async (arn) => {
    const failing = awsKeyService({
      ...cloudOptions({}),
      awsConnect: () => Promise.reject(new Error('contacted')),
    });
    const error = await expectFailure(
      failing.wrap(awsKey('', { arn }), randomBytes(32)),
      'ERR_KEY_WRAP',
    );
    expect(error.message).toContain('names no AWS region');
  });

  it('refuses a malformed ARN', async () => {
    await expectFailure(
      service().wrap(awsKey('', { arn: 'arn:aws:s3:::x' }), randomBytes(32)),
      'ERR_KEY_SPEC',
    );
  });

  it('names its sessions as sops does', () => {
    expect(sessionName('my host!.example')).toBe('sops@myhost.example');
    expect(sessionName('h'.repeat(99))).toHaveLength(64);
  });
});
