import { type AwsService, type Destination, failureOfAws } from '@tidelock/core';
import { secretsManagerClients } from '../secrets-manager-clients.ts';
import { secretNameOf } from './place.ts';
import type { Publisher } from './publication.ts';

/** Bytes that a secret may hold. */
export const MAX_SECRET_BYTES = 65_536;

const NAME = 'AWS Secrets Manager';
const SERVICE: AwsService = {
  name: NAME,
  reasons: new Map([
    [
      'AccessDeniedException',
      [
        `${NAME} denies permission`,
        'Allow secretsmanager:DescribeSecret, CreateSecret, PutSecretValue and UpdateSecretVersionStage to this identity.',
      ],
    ],
    [
      'InvalidRequestException',
      [
        'the secret is scheduled for deletion, or managed by another service',
        'Restore it (aws secretsmanager restore-secret), or choose another name.',
      ],
    ],
    [
      'DecryptionFailure',
      ['the KMS key of the secret cannot be used', 'Check the key and its policy.'],
    ],
    [
      'EncryptionFailure',
      ['the KMS key of the secret cannot be used', 'Check the key and its policy.'],
    ],
  ]),
};
const CURRENT = 'AWSCURRENT';

type Place = Extract<Destination, { kind: 'secrets-manager' }>;

/**
 * Writes the values of a file as the current version of a secret. The version is named after its
 * content, so a second run changes nothing, and an earlier content becomes current again.
 */
export async function secretsManagerPublisher(httpsAgent?: object): Promise<Publisher<Place>> {
  const { sdk, clientFor } = await secretsManagerClients(httpsAgent);
  return async ({ destination, objectName, bytes, contentId }, abortSignal) => {
    const client = clientFor(destination.region);
    const name = secretNameOf(destination.name, objectName);
    const content = { ...secretOf(bytes), ClientRequestToken: contentId };
    const ask = (command: object) =>
      client.send(command, { abortSignal }).catch((error: unknown) => Promise.reject(named(error)));
    const versions = await stagesOf(() => ask(new sdk.DescribeSecretCommand({ SecretId: name })));
    if (versions === null) {
      await ask(new sdk.CreateSecretCommand({ Name: name, ...content }));
      return 'written';
    }
    const stages = versions.get(contentId);
    if (stages?.includes(CURRENT) === true) return 'unchanged';
    if (stages === undefined) {
      await ask(new sdk.PutSecretValueCommand({ SecretId: name, ...content }));
      return 'written';
    }
    const current = [...versions].find(([, labels]) => labels.includes(CURRENT))?.[0];
    const move = {
      SecretId: name,
      VersionStage: CURRENT,
      MoveToVersionId: contentId,
      ...(current === undefined ? {} : { RemoveFromVersionId: current }),
    };
    await ask(new sdk.UpdateSecretVersionStageCommand(move));
    return 'written';
  };
}

function secretOf(bytes: Uint8Array): object {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? { SecretString: text } : { SecretBinary: bytes };
}

const NOT_FOUND = 'ResourceNotFoundException';

function named(error: unknown): unknown {
  return error instanceof Error && error.name === NOT_FOUND ? error : failureOfAws(error, SERVICE);
}

/** The labels of each version; null when there is no such secret. */
async function stagesOf(
  describe: () => Promise<unknown>,
): Promise<ReadonlyMap<string, readonly string[]> | null> {
  try {
    const answer = await describe();
    const found = Object.entries(answer ?? {}).find(([key]) => key === 'VersionIdsToStages')?.[1];
    return new Map(
      Object.entries(found ?? {}).map(([id, labels]) => [
        id,
        Array.isArray(labels) ? labels.map(String) : [],
      ]),
    );
  } catch (error) {
    if (error instanceof Error && error.name === NOT_FOUND) return null;
    throw error;
  }
}
