import type { MasterKey } from '@tidelock/core';
import { canonicalKey, compareDataKeys, metadataOf, type Source } from '@tidelock/guard';

/** What the history of a file tells of its data key. */
export interface DataKeyHistory {
  /** Of the oldest commit from which on consecutive versions share a token; null: unknown. */
  readonly since: Date | null;
  /** Recipients of earlier versions under the same data key that the file no longer names. */
  readonly formerKeys: readonly MasterKey[];
}

export const UNKNOWN_HISTORY: DataKeyHistory = { since: null, formerKeys: [] };

export interface Version {
  readonly source: Source;
  readonly time: Date;
}

/**
 * Follows a file back to where its data key came from.
 * @param versions newest first, the file itself leading; read only as far as needed
 * @param isComplete whether the last version is the first there was (not in a shallow clone)
 */
export async function followDataKey(
  versions: AsyncIterable<Version> | Iterable<Version>,
  isComplete: boolean,
): Promise<DataKeyHistory> {
  let newest: Source | null = null;
  let current: Version | null = null;
  let since: Date | null = null;
  let changed = false;
  const former = new Map<string, MasterKey>();
  for await (const version of versions) {
    if (current !== null && compareDataKeys(version.source, current.source) !== 'kept') {
      changed = true;
      break;
    }
    newest ??= version.source;
    current = version;
    since = earlier(since, version.time);
    for (const key of keysOf(version.source)) former.set(canonicalKey(key), key);
  }
  for (const key of newest === null ? [] : keysOf(newest)) former.delete(canonicalKey(key));
  return { since: changed || isComplete ? since : null, formerKeys: [...former.values()] };
}

function earlier(a: Date | null, b: Date): Date {
  return a !== null && a < b ? a : b;
}

const keysOf = (source: Source): readonly MasterKey[] =>
  metadataOf(source)?.keyGroups.flatMap(({ keys }) => keys) ?? [];
