import type { Destination } from '@tidelock/core';
import {
  type Connect,
  callServer,
  crc32c,
  createGcpTokenSource,
  type Environment,
  jsonAt,
  KmsFailure,
} from '@tidelock/core';
import type { Publisher } from './publication.ts';

const NAME = 'Google Cloud Storage';

/**
 * Uploads to a bucket over REST. `STORAGE_EMULATOR_HOST` names another server, which gets no token,
 * as with Google's own clients.
 */
export function gcsPublisher(
  environment: Environment,
  connect: Connect,
): Publisher<Extract<Destination, { kind: 'gcs' }>> {
  const send = connect();
  const emulator = environment.env.STORAGE_EMULATOR_HOST ?? '';
  const accessToken = emulator === '' ? createGcpTokenSource(environment) : null;
  const base = emulator === '' ? 'https://storage.googleapis.com' : baseOf(emulator);
  return async ({ destination, objectName, bytes }, signal) => {
    const name = encodeURIComponent(destination.prefix + objectName);
    const bucket = encodeURIComponent(destination.bucket);
    const request = {
      method: 'POST',
      url: `${base}/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${name}`,
      headers: {
        'content-type': 'application/octet-stream',
        ...(accessToken === null ? {} : { authorization: `Bearer ${await accessToken(signal)}` }),
      },
      body: Buffer.from(bytes).toString('utf8'),
    } as const;
    const response = await callServer(NAME, request, { send, signal });
    if (response.status !== 200) throw refusal(response.status);
    requireIntact(bytes, jsonAt(response.body, ['crc32c']));
    return 'written';
  };
}

function baseOf(host: string): string {
  return (/^https?:\/\//.test(host) ? host : `http://${host}`).replace(/\/+$/, '');
}

function requireIntact(bytes: Uint8Array, sum: unknown): void {
  if (sum === undefined) return;
  const expected = Buffer.alloc(4);
  expected.writeUInt32BE(crc32c(bytes));
  if (sum === expected.toString('base64')) return;
  throw new KmsFailure('the object was damaged on its way', 'Publish it again.', {});
}

function refusal(status: number): KmsFailure {
  if (status === 401) {
    const hint = 'Run `gcloud auth application-default login`, or renew GOOGLE_OAUTH_ACCESS_TOKEN.';
    return new KmsFailure(`${NAME} does not accept the access token (401)`, hint);
  }
  if (status === 403) {
    const hint = 'Grant roles/storage.objectUser on the bucket to this identity.';
    return new KmsFailure(`${NAME} denies permission (403)`, hint);
  }
  if (status === 404) {
    return new KmsFailure('there is no such bucket (404)', 'Check gcs_bucket in .sops.yaml.');
  }
  return new KmsFailure(`${NAME} answered ${status}`, 'Check gcs_bucket and gcs_prefix.');
}
