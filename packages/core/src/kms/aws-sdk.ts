import type { AwsKmsClient, AwsTarget } from './aws-client.ts';
import { withoutVersionWarning } from './aws-version-warning.ts';
import { KmsFailure } from './failure.ts';
import { loadPackage } from './optional-package.ts';

/**
 * The official client. It finds credentials by itself, and the endpoint by AWS_ENDPOINT_URL_KMS and
 * AWS_ENDPOINT_URL. It does not retry: our own policy does.
 */
export async function connectAwsSdk(target: AwsTarget, httpsAgent?: object): Promise<AwsKmsClient> {
  const way = httpsAgent === undefined ? {} : { requestHandler: { httpsAgent } };
  const sdk = await loadPackage('@aws-sdk/client-kms', () => import('@aws-sdk/client-kms'));
  const credentials = await credentialsOf(target, way);
  const client = withoutVersionWarning(
    () =>
      new sdk.KMSClient({
        region: target.region,
        maxAttempts: 1,
        ...way,
        ...(credentials === undefined ? {} : { credentials }),
      }),
  );
  return {
    async encrypt({ keyId, plaintext, context }, abortSignal) {
      const input = { KeyId: keyId, Plaintext: plaintext, ...contextOf(context) };
      const answer = await client.send(new sdk.EncryptCommand(input), { abortSignal });
      return { ciphertext: bytesOf(answer, 'CiphertextBlob'), keyId: keyIdOf(answer) };
    },
    async decrypt({ keyId, ciphertext, context }, abortSignal) {
      const input = {
        CiphertextBlob: ciphertext,
        ...contextOf(context),
        ...(keyId === undefined ? {} : { KeyId: keyId }),
      };
      const answer = await client.send(new sdk.DecryptCommand(input), { abortSignal });
      return { plaintext: bytesOf(answer, 'Plaintext'), keyId: keyIdOf(answer) };
    },
    async describe(keyId, abortSignal) {
      const answer = await client.send(new sdk.DescribeKeyCommand({ KeyId: keyId }), {
        abortSignal,
      });
      return fieldOf(answer, 'KeyMetadata');
    },
  };
}

async function credentialsOf(
  { region, role, profile, sessionName }: AwsTarget,
  way: object,
): Promise<unknown> {
  if (role === '' && profile === '') return undefined;
  const providers = await loadPackage(
    '@aws-sdk/credential-providers',
    () => import('@aws-sdk/credential-providers'),
  );
  const base =
    profile === ''
      ? undefined
      : providers.fromNodeProviderChain({ profile, clientConfig: { region, ...way } });
  if (role === '') return base;
  return providers.fromTemporaryCredentials({
    params: { RoleArn: role, RoleSessionName: sessionName },
    clientConfig: { region, ...way },
    ...(base === undefined ? {} : { masterCredentials: base }),
  });
}

function contextOf(context: ReadonlyMap<string, string>): object {
  return context.size === 0 ? {} : { EncryptionContext: Object.fromEntries(context) };
}

function fieldOf(answer: unknown, name: string): unknown {
  return Object.entries(answer ?? {}).find(([key]) => key === name)?.[1];
}

function bytesOf(answer: unknown, name: string): Uint8Array {
  const bytes = fieldOf(answer, name);
  if (bytes instanceof Uint8Array) return bytes;
  throw new KmsFailure(`the answer of AWS KMS lacks ${name}`, 'Check the endpoint of AWS KMS.');
}

function keyIdOf(answer: unknown): string | undefined {
  const id = fieldOf(answer, 'KeyId');
  return typeof id === 'string' ? id : undefined;
}
