import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type GcpKmsFake, startGcpKms } from '../../../../test/fakes/gcp-kms.ts';
import type { GcpKmsKey } from '../../src/document/metadata.ts';
import { crc32c } from '../../src/kms/crc32c.ts';
import { gcpKeyService } from '../../src/kms/gcp.ts';
import type { HttpRequest } from '../../src/kms/http.ts';
import { cloudOptions } from './cloud-ports.ts';
import { describeKeyService, expectFailure } from './contract.ts';

let fake: GcpKmsFake;

beforeAll(async () => {
  fake = await startGcpKms();
});
afterAll(() => fake.close());
beforeEach(() => {
  fake.journal.length = 0;
  fake.faults.length = 0;
});

function gcpKey(name = 'prod', enc = ''): GcpKmsKey {
  const resourceId = `projects/p/locations/global/keyRings/r/cryptoKeys/${name}`;
  return { type: 'gcp_kms', resourceId, enc, createdAt: '' };
}

const service = () =>
  gcpKeyService(
    cloudOptions({ SOPS_GCP_KMS_ENDPOINT: fake.url, GOOGLE_OAUTH_ACCESS_TOKEN: fake.token }),
  );

describeKeyService('GCP KMS', () => ({
  service: service(),
  key: gcpKey(),
  other: gcpKey('other'),
  missing: gcpKey('missing'),
}));

describe('gcpKeyService', () => {
  it('opens what an older version wrapped', async () => {
    const enc = await service().wrap(gcpKey('rotated'), randomBytes(32));
    fake.rotate(gcpKey('rotated').resourceId);
    expect(await service().unwrap(gcpKey('rotated', enc))).toHaveLength(32);
  });

  it('says that a key is disabled', async () => {
    const enc = await service().wrap(gcpKey('disabled'), randomBytes(32));
    fake.disable(gcpKey('disabled').resourceId);
    const error = await expectFailure(service().unwrap(gcpKey('disabled', enc)), 'ERR_KEY_UNWRAP');
    expect(error.message).toContain('disabled');
  });

  it('names an expired token and never shows it', async () => {
    const env = { SOPS_GCP_KMS_ENDPOINT: fake.url, GOOGLE_OAUTH_ACCESS_TOKEN: 'ya29.canary' };
    const expired = gcpKeyService(cloudOptions(env));
    const error = await expectFailure(expired.wrap(gcpKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(error.message).toContain('401');
    expect(`${error.message}${error.hint}`).not.toContain('canary');
  });

  it('tries again when told that the quota is used up', async () => {
    fake.faults.push({ kind: 'error', name: 'RESOURCE_EXHAUSTED', status: 429 }, { kind: 'cut' });
    await service().wrap(gcpKey(), randomBytes(32));
    expect(fake.journal).toHaveLength(3);
  });

  it('does not trust an answer that was damaged on its way', async () => {
    const send = async () => ({
      status: 200,
      headers: new Map<string, string>(),
      body: JSON.stringify({ ciphertext: 'AAAA', ciphertextCrc32c: '1' }),
    });
    const options = cloudOptions({ GOOGLE_OAUTH_ACCESS_TOKEN: 't' }, { connect: () => send });
    const error = await expectFailure(
      gcpKeyService(options).wrap(gcpKey(), randomBytes(32)),
      'ERR_KEY_WRAP',
    );
    expect(error.message).toContain('damaged');
  });

  it.each([
    [{}, 'https://cloudkms.googleapis.com/v1/'],
    [{ SOPS_GCP_KMS_UNIVERSE_DOMAIN: 'u.example' }, 'https://cloudkms.u.example/v1/'],
    [{ SOPS_GCP_KMS_ENDPOINT: 'kms.internal:443' }, 'https://kms.internal:443/v1/'],
  ])('with %o asks %s', async (env, beginning) => {
    const seen: HttpRequest[] = [];
    const connect = () => async (request: HttpRequest) => {
      seen.push(request);
      return { status: 404, headers: new Map<string, string>(), body: '' };
    };
    const options = cloudOptions({ GOOGLE_OAUTH_ACCESS_TOKEN: 't', ...env }, { connect });
    await expectFailure(gcpKeyService(options).wrap(gcpKey(), randomBytes(32)), 'ERR_KEY_WRAP');
    expect(seen.map(({ url }) => url)).toEqual([`${beginning}${gcpKey().resourceId}:encrypt`]);
  });

  it('keeps a credential it cannot read out of the error', async () => {
    const options = cloudOptions({ GOOGLE_CREDENTIALS: '{"private_key": "canary' });
    const error = await expectFailure(
      gcpKeyService(options).wrap(gcpKey(), randomBytes(32)),
      'ERR_KEY_WRAP',
    );
    expect(error.message).toContain('GOOGLE_CREDENTIALS');
    expect(`${error.message}${error.hint}`).not.toContain('canary');
  });

  it('sends a resource id nowhere else', async () => {
    await expectFailure(service().wrap(gcpKey('../x'), randomBytes(32)), 'ERR_KEY_SPEC');
    await expectFailure(
      service().wrap(
        { ...gcpKey(), resourceId: 'projects/../locations/../keyRings/../cryptoKeys/..' },
        randomBytes(32),
      ),
      'ERR_KEY_WRAP',
    );
    expect(fake.journal).toEqual([]);
  });
});

describe('crc32c', () => {
  it('is the Castagnoli sum', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
    expect(crc32c(Buffer.alloc(0))).toBe(0);
  });
});
