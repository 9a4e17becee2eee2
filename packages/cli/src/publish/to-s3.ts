import {
  type AwsService,
  type Destination,
  failureOfAws,
  loadPackage,
  withoutVersionWarning,
} from '@tidelock/core';
import type { Publisher } from './publication.ts';

const S3: AwsService = {
  name: 'Amazon S3',
  reasons: new Map([
    ['NoSuchBucket', ['there is no such bucket', 'Check s3_bucket in .sops.yaml.']],
    [
      'PermanentRedirect',
      ['the bucket is in another region', 'Set AWS_REGION to the region of the bucket.'],
    ],
    [
      'AccessDenied',
      ['Amazon S3 denies permission', 'Allow s3:PutObject on the bucket to this identity.'],
    ],
  ]),
};

/** Uploads to a bucket with AWS' own client: region, credentials and endpoint are those of AWS' tools. */
export async function s3Publisher(
  httpsAgent?: object,
): Promise<Publisher<Extract<Destination, { kind: 's3' }>>> {
  const sdk = await loadPackage('@aws-sdk/client-s3', () => import('@aws-sdk/client-s3'));
  const way = httpsAgent === undefined ? {} : { requestHandler: { httpsAgent } };
  const client = withoutVersionWarning(() => new sdk.S3Client({ maxAttempts: 1, ...way }));
  return async ({ destination, objectName, bytes }, abortSignal) => {
    const { bucket, prefix } = destination;
    const input = { Bucket: bucket, Key: prefix + objectName, Body: bytes };
    await client
      .send(new sdk.PutObjectCommand(input), { abortSignal })
      .catch((error: unknown) => Promise.reject(failureOfAws(error, S3)));
    return 'written';
  };
}
