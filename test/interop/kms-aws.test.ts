import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AwsKmsKey } from '@tidelock/core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { awsKeyService } from '../../packages/core/src/kms/aws.ts';
import { cloudOptions } from '../../packages/core/test/kms/cloud-ports.ts';
import { describeKeyService, expectFailure } from '../../packages/core/test/kms/contract.ts';
import { startAwsKms } from '../fakes/aws-kms.ts';
import { cleanEnv, peer } from '../support/program.ts';
import { expectBothWays } from './kms-both-ways.ts';
import { type RealServer, startServer } from './kms-programs.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const CREDENTIALS = {
  AWS_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'testing',
  AWS_SECRET_ACCESS_KEY: 'testing',
  NODE_NO_WARNINGS: '1',
};

function hasSdk(): boolean {
  try {
    createRequire(import.meta.url).resolve('@aws-sdk/client-kms');
    return true;
  } catch {
    process.stderr.write('skipped: @aws-sdk/client-kms is not installed\n');
    return false;
  }
}

const canRun = hasSdk() && peer('moto_server') && peer('sops');

function useEndpoint(url: string): Record<string, string> {
  const endpoints = { AWS_ENDPOINT_URL: url, ...CREDENTIALS };
  for (const [name, value] of Object.entries(endpoints)) vi.stubEnv(name, value);
  return endpoints;
}

function awsKey(arn: string, more: Partial<AwsKmsKey> = {}): AwsKmsKey {
  const none = { role: '', context: new Map<string, string>(), awsProfile: '' };
  return { type: 'kms', arn, ...none, enc: '', createdAt: '', ...more };
}

describe.skipIf(!canRun)('AWS KMS, on moto by the official client', () => {
  let server: RealServer;
  let endpoints: Record<string, string>;
  const arns: string[] = [];
  const service = () => awsKeyService(cloudOptions({}));

  beforeAll(async () => {
    const python = { PATH: process.env.PATH ?? '', PYENV_ROOT: process.env.PYENV_ROOT ?? '' };
    const args = (port: number) => ['-H', '127.0.0.1', '-p', String(port)];
    server = await startServer('moto_server', args, { ...python, HOME: '/tmp' });
    endpoints = useEndpoint(server.url);
    for (let i = 0; i < 2; i++) arns.push(await createKey(server.url));
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
  });

  describeKeyService('AWS KMS', () => ({
    service: service(),
    key: awsKey(arns[0] ?? ''),
    other: awsKey(arns[1] ?? ''),
    missing: awsKey(`arn:aws:kms:${REGION}:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`),
  }));

  it('binds the encryption context', async () => {
    const context = new Map([['env', 'prod']]);
    const key = awsKey(arns[0] ?? '', { context });
    const enc = await service().wrap(key, randomBytes(32));
    expect(await service().unwrap({ ...key, enc })).toHaveLength(32);
    const wrong = awsKey(arns[0] ?? '', { enc, context: new Map([['env', 'dev']]) });
    await expectFailure(service().unwrap(wrong), 'ERR_KEY_UNWRAP');
  });

  it('takes a role by STS', async () => {
    const key = awsKey(arns[0] ?? '', { role: `arn:aws:iam::${ACCOUNT}:role/ci` });
    const enc = await service().wrap(key, randomBytes(32));
    expect(await service().unwrap({ ...key, enc })).toHaveLength(32);
  });

  it('tells the state of a key', async () => {
    const arn = await createKey(server.url);
    const id = arn.slice(arn.lastIndexOf('/') + 1);
    const stateOf = (one: string) => service().keyState(awsKey(one));
    expect(await stateOf(arn)).toEqual({ trouble: null, ends: null, versions: null });
    await kms(server.url, 'DisableKey', { KeyId: id });
    expect(await stateOf(arn)).toMatchObject({ trouble: { kind: 'disabled', word: 'Disabled' } });
    await kms(server.url, 'ScheduleKeyDeletion', { KeyId: id, PendingWindowInDays: 7 });
    const { trouble, ends } = await stateOf(arn);
    expect(trouble).toEqual({ kind: 'pending-deletion', word: 'PendingDeletion' });
    expect(ends?.getTime()).toBeGreaterThan(Date.now());
    const missing = `arn:aws:kms:${REGION}:${ACCOUNT}:key/00000000-0000-0000-0000-000000000000`;
    expect(await stateOf(missing)).toMatchObject({ trouble: { kind: 'gone' } });
  });

  const role = `arn:aws:iam::${ACCOUNT}:role/ci`;
  it.each([
    ['', {}, '', []],
    [
      'with a context',
      { context: new Map([['env', 'prod']]) },
      '',
      ['--encryption-context', 'env:prod'],
    ],
    ['with a role', { role }, `+${role}`, []],
  ])('files open both ways %s', async (_, more, suffix, flags) => {
    await expectBothWays({
      service: service(),
      key: awsKey(arns[0] ?? '', more),
      flags: ['--kms', `${arns[0]}${suffix}`, ...flags],
      env: { ...cleanEnv('/nonexistent'), ...endpoints },
    });
  });
});

describe.skipIf(!canRun)('AWS KMS, on moto, by a profile', () => {
  const home = mkdtempSync(join(tmpdir(), 'tidelock-aws-'));
  let server: RealServer;
  let endpoints: Record<string, string>;
  const service = () => awsKeyService(cloudOptions({}));

  beforeAll(async () => {
    const python = { PATH: process.env.PATH ?? '', PYENV_ROOT: process.env.PYENV_ROOT ?? '' };
    const args = (port: number) => ['-H', '127.0.0.1', '-p', String(port)];
    server = await startServer('moto_server', args, { ...python, HOME: home });
    endpoints = useEndpoint(server.url);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.stop();
    rmSync(home, { recursive: true, force: true });
  });

  it('files open both ways with the credentials of a profile, which the file names', async () => {
    const credentials = join(home, 'credentials');
    const text = '[prod]\naws_access_key_id = testing\naws_secret_access_key = testing\n';
    writeFileSync(credentials, text);
    const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...rest } = endpoints;
    const env = { ...rest, AWS_SHARED_CREDENTIALS_FILE: credentials };
    vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', undefined);
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', credentials);
    const arn = await createKey(server.url);
    await expectBothWays({
      service: service(),
      key: awsKey(arn, { awsProfile: 'prod' }),
      flags: ['--kms', arn, '--aws-profile', 'prod'],
      env: { ...cleanEnv(home), ...env },
    });
    await expectFailure(
      service().wrap(awsKey(arn, { awsProfile: 'none' }), randomBytes(32)),
      'ERR_KEY_WRAP',
    );
    useEndpoint(server.url);
  });
});

describe.skipIf(!canRun)('AWS KMS, on the fake by the official client', () => {
  it('speaks its wire form, and the fake too', async () => {
    const fake = await startAwsKms();
    useEndpoint(fake.url);
    try {
      const key = awsKey(`arn:aws:kms:${REGION}:${ACCOUNT}:key/prod`);
      const service = awsKeyService(cloudOptions({}));
      fake.faults.push({ kind: 'error', name: 'ThrottlingException' }, { kind: 'cut' });
      const dataKey = randomBytes(32);
      const enc = await service.wrap(key, dataKey);
      expect(fake.journal).toHaveLength(3);
      expect(Buffer.from((await service.unwrap({ ...key, enc })) ?? [])).toEqual(dataKey);
      expect(await service.keyState(key)).toMatchObject({ trouble: null });
      fake.disable(key.arn);
      expect(await service.keyState(key)).toMatchObject({ trouble: { kind: 'disabled' } });
      const error = await expectFailure(service.unwrap({ ...key, enc }), 'ERR_KEY_UNWRAP');
      expect(error.message).toContain('disabled');
    } finally {
      vi.unstubAllEnvs();
      await fake.close();
    }
  });
});

async function createKey(url: string): Promise<string> {
  const answer = (await kms(url, 'CreateKey', {})) as { KeyMetadata: { Arn: string } };
  return answer.KeyMetadata.Arn;
}

async function kms(url: string, operation: string, body: object): Promise<unknown> {
  const scope = `20260101/${REGION}/kms/aws4_request`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'x-amz-target': `TrentService.${operation}`,
      'content-type': 'application/x-amz-json-1.1',
      authorization: `AWS4-HMAC-SHA256 Credential=testing/${scope}, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  expect([response.status, text]).toEqual([200, text]);
  return JSON.parse(text || '{}');
}
