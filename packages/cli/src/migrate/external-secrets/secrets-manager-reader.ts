import {
  type AllowList,
  type AwsKmsKey,
  type AwsService,
  compileRegex,
  failureOfAws,
  KmsFailure,
} from '@tidelock/core';
import { secretsManagerClients } from '../../secrets-manager-clients.ts';
import { type AwsStore, LeftToHand } from './remote-secret.ts';
import { MOST_FOUND, type StoreReader } from './store-reader.ts';

const NAME = 'AWS Secrets Manager';
const SERVICE: AwsService = {
  name: NAME,
  reasons: new Map([
    [
      'AccessDeniedException',
      [
        `${NAME} denies permission`,
        'Allow secretsmanager:GetSecretValue (and ListSecrets for dataFrom.find) to this identity.',
      ],
    ],
    [
      'ResourceNotFoundException',
      [
        'there is no such secret, or no such version of it',
        'Check name and version, and whether account and region are those of the store.',
      ],
    ],
    [
      'InvalidRequestException',
      ['the secret is scheduled for deletion', 'Restore it: aws secretsmanager restore-secret.'],
    ],
    [
      'DecryptionFailure',
      ['the KMS key of the secret cannot be used', 'Allow kms:Decrypt on it to this identity.'],
    ],
  ]),
};

/**
 * Reads with the credentials of whoever runs it, never by the role that a store names; what comes
 * from another account or region than the store's is not taken.
 */
export async function secretsManagerReader(
  allowList: AllowList,
  httpsAgent?: object,
): Promise<StoreReader> {
  const { sdk, clientFor } = await secretsManagerClients(httpsAgent);
  const ask = async (store: AwsStore, command: object, abortSignal: AbortSignal) => {
    try {
      return fields(await clientFor(store.region).send(command, { abortSignal }));
    } catch (error) {
      throw failureOfAws(error, SERVICE);
    }
  };
  return {
    async read({ store, key, version }, signal) {
      if (store.kind !== 'aws') throw new LeftToHand('its store is not AWS Secrets Manager');
      const id = version?.startsWith('uuid/') === true ? version.slice('uuid/'.length) : null;
      const which = id === null ? { VersionStage: version ?? 'AWSCURRENT' } : { VersionId: id };
      const command = new sdk.GetSecretValueCommand({ SecretId: store.prefix + key, ...which });
      const answer = await ask(store, command, signal);
      requirePlace(store, String(answer.get('ARN') ?? ''), allowList);
      const [text, binary] = [answer.get('SecretString'), answer.get('SecretBinary')];
      if (typeof text === 'string') return Buffer.from(text);
      if (binary instanceof Uint8Array) return binary;
      throw new KmsFailure(`the answer of ${NAME} lacks a value`, 'Check AWS_ENDPOINT_URL.');
    },
    async list({ store, name, path, tags }, signal) {
      if (store.kind !== 'aws') throw new LeftToHand('its store is not AWS Secrets Manager');
      if (store.prefix !== '') throw new LeftToHand('it searches in a store with a prefix');
      const matches = name === null ? () => true : compileRegex(name);
      const filters = [
        ...(path === null ? [] : [{ Key: 'name', Values: [path] }]),
        ...[...tags].flatMap(([key, value]) => [
          { Key: 'tag-key', Values: [key] },
          { Key: 'tag-value', Values: [value] },
        ]),
      ];
      const found: string[] = [];
      let next: unknown;
      do {
        const more = typeof next === 'string' ? { NextToken: next } : {};
        const command = new sdk.ListSecretsCommand({ Filters: filters, MaxResults: 100, ...more });
        const answer = await ask(store, command, signal);
        found.push(...namesIn(answer.get('SecretList')).filter(isWanted));
        if (found.length > MOST_FOUND)
          throw new LeftToHand(`it finds more than ${MOST_FOUND} secrets`);
        next = answer.get('NextToken');
      } while (typeof next === 'string' && next !== '');
      return found;

      function isWanted(one: string): boolean {
        return matches(one) && (path === null || one.startsWith(path));
      }
    },
  };
}

const fields = (answer: unknown) => new Map<string, unknown>(Object.entries(answer ?? {}));

function namesIn(list: unknown): readonly string[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const name = fields(entry).get('Name');
    return typeof name === 'string' ? [name] : [];
  });
}

function requirePlace(store: AwsStore, arn: string, allowList: AllowList): void {
  const [, , , region = '', account = ''] = arn.split(':');
  if (store.account !== null && store.account !== account)
    throw new LeftToHand(
      `a secret of this name is in account ${account}, and its store reads from ${store.account}: log in there`,
    );
  if (store.region !== '' && store.region !== region)
    throw new LeftToHand(
      `the answer is from region ${region}, and its store reads from ${store.region}`,
    );
  const key: AwsKmsKey = {
    type: 'kms',
    arn,
    role: '',
    awsProfile: '',
    context: new Map(),
    enc: '',
    createdAt: '',
  };
  if (!allowList.permits(key))
    throw new LeftToHand(
      `account ${account} is not on the allow-list: if it is yours, name it in TIDELOCK_KMS_ALLOWLIST`,
    );
}
