import { readPgpKeyIds } from '@tidelock/core';
import { metadataOf, type Source, type TreePolicy } from '@tidelock/guard';

const KEY_FILE = /\.(?:asc|gpg|pgp|pub)$/i;
const LARGEST_KEY = 256 * 1024;
const MOST_KEYS = 500;

type Labels = NonNullable<TreePolicy['labels']>;

/** Whether a file may hold public keys, as `.sops.pub.asc`, by its name. */
export const isKeyFile = (path: string): boolean => KEY_FILE.test(path);

/**
 * What public keys in a tree tell of the readers of PGP messages. Looked at only where a file has a
 * PGP recipient.
 * @param readKeys files with the name of public keys
 */
export async function labelsBy(
  judged: readonly Source[],
  readKeys: () => Promise<readonly Source[]>,
): Promise<Labels> {
  const hasPgp = judged.some((source) =>
    metadataOf(source)?.keyGroups.some(({ keys }) => keys.some(({ type }) => type === 'pgp')),
  );
  const files = hasPgp ? await readKeys() : [];
  const blocks = files
    .filter(({ bytes, mode }) => mode === null && bytes.length > 0 && bytes.length <= LARGEST_KEY)
    .slice(0, MOST_KEYS)
    .map(({ bytes }) => bytes);
  return blocks.length === 0 ? {} : { pgpKeyIds: await readPgpKeyIds(blocks) };
}
