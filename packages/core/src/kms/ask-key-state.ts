import type { MasterKey } from '../document/metadata.ts';
import { TidelockError } from '../errors.ts';
import type { CloudOptions } from './cloud-key-service.ts';
import type { CloudKeyState } from './key-state.ts';

/**
 * Asks key services about keys, under the same rules as for wrapping: only where the allow-list permits,
 * and with a client that is loaded for the first key of its kind. It takes less than wrapping does:
 * `kms:DescribeKey`, `cloudkms.cryptoKeys.get`, `keys/get`, or `read` on `<engine>/keys/<name>`.
 * @returns for a key of no service, null
 */
export function createKeyStateAsker(
  options: CloudOptions & { readonly trustedHosts?: readonly string[] },
): (key: MasterKey) => Promise<CloudKeyState | null> {
  const aws = once(async () => (await import('./aws.ts')).awsKeyService(options));
  const gcp = once(async () => (await import('./gcp.ts')).gcpKeyService(options));
  const azure = once(async () => (await import('./azure.ts')).azureKeyService(options));
  const vault = once(async () => (await import('./vault.ts')).vaultKeyService(options));
  return async (key) => {
    switch (key.type) {
      case 'kms':
        return (await aws()).keyState(key);
      case 'gcp_kms':
        return (await gcp()).keyState(key);
      case 'azure_kv':
        return (await azure()).keyState(key);
      case 'hc_vault':
        return (await vault()).keyState(key);
      case 'hckms':
        throw new TidelockError('ERR_KEY_UNWRAP', 'HuaweiCloud KMS cannot be asked yet', {
          hint: 'Look at the key in its console.',
        });
      case 'age':
      case 'pgp':
        return null;
    }
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
