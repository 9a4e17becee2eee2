import { createHmac } from 'node:crypto';
import { type Document, storeFor, TidelockError } from '@tidelock/core';

/**
 * The values of an opened document as one JSON object on one line; of several YAML documents the
 * later ones replace keys of the earlier ones, as in sops.
 * @throws TidelockError ERR_EMIT for what JSON cannot hold
 */
export function plainValues(document: Document): Uint8Array {
  const items = new Map(
    document.branches.flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === 'entry' ? [[item.key, item] as const] : [])),
    ),
  );
  const branch = { kind: 'map', items: [...items.values()] } as const;
  const bytes = storeFor('json').emitCanonical(
    { format: 'json', branches: [branch], block: null, origin: null },
    { indent: 0 },
  );
  // A line break within a string is escaped: those that stand there are layout.
  return Buffer.from(Buffer.from(bytes).toString('utf8').replaceAll('\n', ''));
}

/** What a binary file holds. @throws TidelockError when it is not text and must be */
export function requireText(bytes: Uint8Array, service: string): void {
  if (Buffer.from(bytes).equals(Buffer.from(Buffer.from(bytes).toString('utf8')))) return;
  throw new TidelockError('ERR_EMIT', `the file is not text, and ${service} keeps only text`, {
    hint: 'Publish it to a bucket, or encode it (base64) before it is encrypted.',
  });
}

/**
 * Names a content as a UUID that only who has the data key can guess from it: an identifier that a
 * service shows in lists must not be a hash of a short secret.
 */
export function contentIdOf(bytes: Uint8Array, dataKey: Uint8Array): string {
  const digest = createHmac('sha256', dataKey)
    .update('tidelock publish\n')
    .update(bytes)
    .digest('hex');
  return [8, 12, 16, 20, 32].map((end, i, ends) => digest.slice(ends[i - 1] ?? 0, end)).join('-');
}
