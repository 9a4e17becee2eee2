import { describe, expect, it } from 'vitest';
import { cloudKeyServices } from '../../src/kms/cloud-key-services.ts';
import { cloudOptions } from './cloud-ports.ts';
import { expectFailure } from './contract.ts';

const services = cloudKeyServices(cloudOptions({ CI: 'true' }));

describe('cloudKeyServices', () => {
  it('has one service for each cloud kind', () => {
    expect(services.flatMap(({ types }) => types)).toEqual([
      'kms',
      'gcp_kms',
      'azure_kv',
      'hc_vault',
      'hckms',
    ]);
  });

  it('leaves local keys to others', async () => {
    for (const service of services) {
      expect(await service.unwrap({ type: 'age', recipient: 'age1', enc: '' })).toBeNull();
    }
  });

  it('names HuaweiCloud keys as not supported', async () => {
    const key = { type: 'hckms', keyId: 'eu-west-101:a', enc: 'x', createdAt: '' } as const;
    const service = services.find(({ types }) => types.includes('hckms'));
    if (service === undefined) throw new Error('no service');
    const error = await expectFailure(service.unwrap(key), 'ERR_KEY_UNWRAP');
    expect(error.message).toContain('not supported');
    await expectFailure(service.wrap(key, new Uint8Array(32)), 'ERR_KEY_WRAP');
  });
});
