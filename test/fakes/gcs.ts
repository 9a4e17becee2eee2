import { type FakeOptions, type FakeRequest, type FakeServer, startFake } from './fake-server.ts';

export interface GcsFake extends FakeServer {
  /** By `bucket/name`. */
  readonly objects: ReadonlyMap<string, string>;
}

/**
 * Cloud Storage's upload in one request: the content alone (`uploadType=media`), or behind its
 * description (`multipart`), as Google's own clients send it.
 */
export async function startGcs(
  buckets: readonly string[],
  options: FakeOptions = {},
): Promise<GcsFake> {
  const objects = new Map<string, string>();
  const error = (status: string, code = 400) => ({
    status: code,
    body: { error: { code, status, message: 'the fake refuses' } },
  });
  const fake = await startFake(
    {
      answer: (request) => {
        const bucket = /^\/upload\/storage\/v1\/b\/([^/]+)\/o$/.exec(request.url.pathname)?.[1];
        const name = request.url.searchParams.get('name') ?? nameInParts(request);
        const reply = { operation: 'upload', key: `${bucket}/${name}` };
        if (bucket === undefined || !buckets.includes(bucket)) {
          return { ...reply, ...error('NOT_FOUND', 404) };
        }
        objects.set(reply.key, contentOf(request));
        return { ...reply, status: 200, body: { bucket, name, kind: 'storage#object' } };
      },
      error,
    },
    options,
  );
  return { ...fake, objects };
}

function partsOf({ headers, body }: FakeRequest): string[] {
  const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1] ?? '\0';
  const parts = body.split(`--${boundary}`).slice(1, -1);
  return parts.map((part) => part.slice(part.indexOf('\r\n\r\n') + 4, -2));
}

function nameInParts(request: FakeRequest): string {
  const description: { name?: string } = JSON.parse(partsOf(request)[0] ?? '{}');
  return description.name ?? '';
}

function contentOf(request: FakeRequest): string {
  const isMedia = request.url.searchParams.get('uploadType') === 'media';
  return isMedia ? request.body : (partsOf(request)[1] ?? '');
}
