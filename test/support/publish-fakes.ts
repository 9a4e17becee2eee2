import { type GcsFake, startGcs } from '../fakes/gcs.ts';
import { type S3Fake, startS3 } from '../fakes/s3.ts';
import { type SecretsManagerFake, startSecretsManager } from '../fakes/secrets-manager.ts';
import { startVaultKv, type VaultKvFake } from '../fakes/vault-kv.ts';
import type { PublishSubject } from './publish-contract.ts';

export interface PublishFakes extends PublishSubject {
  readonly s3: S3Fake;
  readonly gcs: GcsFake;
  readonly kv: VaultKvFake;
  readonly secrets: SecretsManagerFake;
  close(): Promise<void>;
}

/** All destinations as fakes. */
export async function startPublishFakes(): Promise<PublishFakes> {
  const [s3, gcs, kv, secrets] = await Promise.all([
    startS3(['bucket']),
    startGcs(['bucket']),
    startVaultKv(),
    startSecretsManager(),
  ]);
  return {
    s3,
    gcs,
    kv,
    secrets,
    vaultAddress: kv.url,
    env: {
      AWS_ENDPOINT_URL_S3: s3.url,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'example-access-key',
      AWS_SECRET_ACCESS_KEY: 'example-secret-access-key',
      STORAGE_EMULATOR_HOST: gcs.url,
      VAULT_TOKEN: kv.token,
    },
    objectAt: async (key) => s3.objects.get(key) ?? null,
    valuesAt: async (path) => kv.valuesAt(path),
    secret: async (name) => secrets.valueOf(name),
    async close() {
      await Promise.all([s3, gcs, kv, secrets].map((fake) => fake.close()));
    },
  };
}
