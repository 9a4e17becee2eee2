import { type FakeOptions, type FakeServer, startFake } from './fake-server.ts';

export interface S3Fake extends FakeServer {
  /** By `bucket/key`. */
  readonly objects: ReadonlyMap<string, string>;
}

/** The part of S3 that takes objects, by the path-style addresses that an IP address leads to. */
export async function startS3(
  buckets: readonly string[],
  options: FakeOptions = {},
): Promise<S3Fake> {
  const objects = new Map<string, string>();
  const error = (name: string, status = 400) => ({
    status,
    body: `<?xml version="1.0"?><Error><Code>${name}</Code><Message>the fake refuses</Message></Error>`,
    headers: { 'content-type': 'application/xml' },
  });
  const fake = await startFake(
    {
      answer: ({ method, url, body, headers }) => {
        const key = decodeURIComponent(url.pathname.slice(1));
        const reply = { operation: method, key };
        if (!String(headers.authorization).startsWith('AWS4-HMAC-SHA256 ')) {
          return { ...reply, ...error('AccessDenied', 403) };
        }
        if (!buckets.includes(key.split('/')[0] ?? '')) {
          return { ...reply, ...error('NoSuchBucket', 404) };
        }
        objects.set(key, body);
        return { ...reply, status: 200, body: '', headers: { etag: '"0"' } };
      },
      error,
    },
    options,
  );
  return { ...fake, objects };
}
