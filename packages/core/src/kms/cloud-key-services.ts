import type { MasterKey, MasterKeyType } from '../document/metadata.ts';
import type { KeyService } from '../keys/keyservice.ts';
import type { CloudOptions } from './cloud-key-service.ts';

/**
 * A key service for each cloud kind. Nothing of a kind is loaded, read or contacted before the first
 * key of that kind is wrapped or unwrapped.
 */
export function cloudKeyServices(options: CloudOptions): readonly KeyService[] {
  const hosts = options.environment.env.TIDELOCK_AZURE_TRUSTED_HOSTS ?? '';
  const trustedHosts = hosts.split(',').map((host) => host.trim());
  return [
    lazily('kms', async () => (await import('./aws.ts')).awsKeyService(options)),
    lazily('gcp_kms', async () => (await import('./gcp.ts')).gcpKeyService(options)),
    lazily('azure_kv', async () =>
      (await import('./azure.ts')).azureKeyService({ ...options, trustedHosts }),
    ),
    lazily('hc_vault', async () => (await import('./vault.ts')).vaultKeyService(options)),
    lazily('hckms', async () => (await import('./huawei.ts')).huaweiKeyService()),
  ];
}

function lazily(type: MasterKeyType, load: () => Promise<KeyService>): KeyService {
  let loaded: Promise<KeyService> | undefined;
  const service = () => {
    loaded ??= load();
    return loaded;
  };
  const complete = async (key: MasterKey) => (await service()).complete?.(key) ?? key;
  return {
    types: [type],
    ...(type === 'azure_kv' ? { complete } : {}),
    wrap: async (key, dataKey) => (await service()).wrap(key, dataKey),
    unwrap: async (key) => (key.type === type ? (await service()).unwrap(key) : null),
  };
}
