import { randomBytes } from 'node:crypto';
import { startPublishFakes } from '../support/publish-fakes.ts';

export interface SecretStores {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Secrets Manager and a Vault that hold what a shop needs, as the documents name it. */
export async function startSecretStores(): Promise<SecretStores> {
  const fakes = await startPublishFakes();
  const value = () => randomBytes(12).toString('base64url');
  fakes.secrets.put('shop/database', JSON.stringify({ username: 'shop', password: value() }));
  fakes.kv.put('secret/data/shop/mail', { token: value(), sender: 'shop@example.com' });
  const env = { ...fakes.env, VAULT_ADDR: fakes.vaultAddress };
  return { env, close: () => fakes.close() };
}
