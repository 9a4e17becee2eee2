import { fromBase64, toBase64 } from '../bytes.ts';
import type { AwsKmsKey } from '../document/metadata.ts';
import type { KeyService } from '../keys/keyservice.ts';
import type { AwsConnect, AwsKmsClient } from './aws-client.ts';
import { awsFailure, awsMetadataFailure } from './aws-failure.ts';
import { awsKeyState } from './aws-key-state.ts';
import {
  type CloudAdapter,
  type CloudOptions,
  cloudCalls,
  cloudKeyService,
} from './cloud-key-service.ts';
import { KmsFailure } from './failure.ts';
import { type CloudKeyState, stateOrGone } from './key-state.ts';

export interface AwsOptions extends CloudOptions {
  /** The official client unless given. */
  readonly awsConnect?: AwsConnect;
}

export interface AwsKeyService extends KeyService {
  /** By DescribeKey. @throws TidelockError ERR_KEY_UNWRAP, ERR_KEY_SPEC */
  keyState(key: AwsKmsKey): Promise<CloudKeyState>;
}

/** AWS KMS (SOPS-FORMAT 6.1, 6.2): one client for each region, role and profile of a run. */
export function awsKeyService(options: AwsOptions): AwsKeyService {
  const clients = new Map<string, Promise<AwsKmsClient>>();
  const clientOf = (key: AwsKmsKey): Promise<AwsKmsClient> => {
    const region = regionOf(key.arn);
    const id = JSON.stringify([region, key.role, key.awsProfile]);
    const known = clients.get(id) ?? connect(options, region, key);
    clients.set(id, known);
    known.catch(() => clients.delete(id));
    return known;
  };
  const adapter: CloudAdapter<AwsKmsKey> = {
    type: 'kms',
    async wrap(key, dataKey, signal) {
      const client = await clientOf(key);
      const request = { keyId: key.arn, plaintext: dataKey, context: key.context };
      const answer = await client.encrypt(request, signal).catch(awsFailure);
      requireSameKey(key.arn, answer.keyId);
      return toBase64(answer.ciphertext);
    },
    async unwrap(key, signal) {
      const ciphertext = fromBase64(key.enc.trim());
      if (ciphertext === null || ciphertext.length === 0) {
        throw new KmsFailure('the wrapped key is not one of AWS KMS', RESTORE_HINT);
      }
      const client = await clientOf(key);
      // An alias may point to another key by now; the blob names its own.
      const keyId = isAlias(key.arn) ? undefined : key.arn;
      const request = {
        ciphertext,
        context: key.context,
        ...(keyId === undefined ? {} : { keyId }),
      };
      const answer = await client.decrypt(request, signal).catch(awsFailure);
      requireSameKey(key.arn, answer.keyId);
      return answer.plaintext;
    },
  };
  const describe = async (key: AwsKmsKey, signal: AbortSignal) => {
    const client = await clientOf(key);
    return awsKeyState(await client.describe(key.arn, signal).catch(awsMetadataFailure));
  };
  const run = cloudCalls(options);
  return {
    ...cloudKeyService(adapter, options),
    keyState: (key) => run(key, 'ERR_KEY_UNWRAP', (signal) => stateOrGone(describe(key, signal))),
  };
}

const RESTORE_HINT = 'Restore the sops block from an earlier commit.';

async function connect(options: AwsOptions, region: string, key: AwsKmsKey): Promise<AwsKmsClient> {
  const target = {
    region,
    role: key.role,
    profile: key.awsProfile,
    sessionName: sessionName(options.hostName ?? ''),
  };
  if (options.awsConnect !== undefined) return options.awsConnect(target);
  const { connectAwsSdk } = await import('./aws-sdk.ts');
  return connectAwsSdk(target, await options.httpsAgent?.());
}

/** The region becomes part of a host name: nothing but a region may stand there. */
function regionOf(arn: string): string {
  const region = arn.split(':')[3] ?? '';
  if (/^[a-z]{2,8}(?:-[a-z]{1,12}){1,3}-[0-9]{1,2}$/.test(region)) return region;
  throw new KmsFailure(
    'the ARN names no AWS region',
    'Expected arn:aws:kms:<region>:<account>:key/<id>, such as eu-west-1.',
  );
}

function isAlias(arn: string): boolean {
  return (arn.split(':')[5] ?? '').startsWith('alias/');
}

/** Another key's answer is a label that lies; a multi-region key has one id in all regions. */
function requireSameKey(arn: string, answered: string | undefined): void {
  if (isAlias(arn) || answered === undefined || answered === '') return;
  const id = (text: string) => text.slice(text.lastIndexOf('/') + 1);
  if (id(answered) === id(arn)) return;
  throw new KmsFailure('AWS KMS answered for another key than the file names', RESTORE_HINT);
}

/** `sops@<host>` in the characters STS allows, so that audit logs read as with sops. */
export function sessionName(host: string): string {
  return `sops@${host.replace(/[^a-zA-Z0-9=,.@_-]/g, '')}`.slice(0, 64);
}
