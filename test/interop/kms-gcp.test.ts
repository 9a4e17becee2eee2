import { afterAll, beforeAll, describe, it } from 'vitest';
import { gcpKeyService } from '../../packages/core/src/kms/gcp.ts';
import { cloudOptions } from '../../packages/core/test/kms/cloud-ports.ts';
import { type GcpKmsFake, startGcpKms } from '../fakes/gcp-kms.ts';
import { cleanEnv, peer } from '../support/program.ts';
import { expectBothWays } from './kms-both-ways.ts';

describe.skipIf(!peer('sops'))('GCP KMS, with the real sops on the same fake', () => {
  let fake: GcpKmsFake;
  beforeAll(async () => {
    fake = await startGcpKms();
  });
  afterAll(() => fake.close());

  it('files open both ways', async () => {
    const resourceId = 'projects/p/locations/global/keyRings/r/cryptoKeys/k';
    const gcp = {
      SOPS_GCP_KMS_ENDPOINT: fake.url,
      SOPS_GCP_KMS_CLIENT_TYPE: 'rest',
      GOOGLE_OAUTH_ACCESS_TOKEN: fake.token,
    };
    await expectBothWays({
      service: gcpKeyService(cloudOptions(gcp)),
      key: { type: 'gcp_kms', resourceId, enc: '', createdAt: '' },
      flags: ['--gcp-kms', resourceId],
      env: { ...cleanEnv('/nonexistent'), ...gcp },
    });
  });
});
