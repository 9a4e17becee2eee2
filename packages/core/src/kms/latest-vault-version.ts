import type { VaultKey } from '../document/metadata.ts';
import type { CloudOptions } from './cloud-key-service.ts';

/**
 * Asks Vault for the newest version of a transit key. Its client is loaded only now.
 * @throws TidelockError ERR_KEY_UNWRAP, ERR_KEY_SPEC
 */
export async function latestVaultVersion(key: VaultKey, options: CloudOptions): Promise<number> {
  const { vaultKeyService } = await import('./vault.ts');
  return vaultKeyService(options).latestVersion(key);
}
