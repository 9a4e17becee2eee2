import { findFilesWith, type Git } from '@tidelock/git';
import { type Finding, metadataOf, type Source } from '@tidelock/guard';
import type { Side } from '../side.ts';

/** What is said of unchanged files: that a changed one shares with them what no two files share. */
const SHARED = new Set(['broken/metadata', 'policy/shared-data-key']);

/** Lines of a wrapped key that are long enough to be of that key alone. */
const LONG_LINE = /^[A-Za-z0-9+/=_:-]{40,}$/;

export interface SiblingSearch {
  readonly git: Git;
  /** Changed files of the head, and the base's versions of them. */
  readonly sources: readonly Source[];
  readonly atBase: ReadonlyMap<string, Source>;
  readonly head: Side;
}

/**
 * Unchanged files that share the MAC or a wrapped key with a changed one: looked for only when a file
 * has none of the wrapped keys it had, as a new one does.
 */
export async function siblingsOf(search: SiblingSearch): Promise<readonly Source[]> {
  const { git, sources, atBase, head } = search;
  const needles = sources.flatMap((source) => {
    const before = atBase.get(source.path);
    const known = new Set(before === undefined ? [] : blobsOf(before));
    const blobs = blobsOf(source);
    if (blobs.length === 0 || blobs.some((blob) => known.has(blob))) return [];
    const mac = metadataOf(source)?.mac ?? '';
    return [mac, ...blobs.flatMap((blob) => blob.split('\n').findLast(isLong) ?? [])];
  });
  if (needles.length === 0) return [];
  const own = new Set(sources.map(({ path }) => path));
  const found = await findFilesWith(git, head.commit, [...new Set(needles)]);
  return (await head.read(found.filter((path) => !own.has(path)))).sources;
}

/** Without what is to be said of siblings themselves. */
export function withoutSiblings(
  findings: readonly Finding[],
  siblings: readonly Source[],
): readonly Finding[] {
  const paths = new Set(siblings.map(({ path }) => path));
  return findings.filter(({ path, ruleId }) => !paths.has(path) || SHARED.has(ruleId));
}

const isLong = (line: string) => LONG_LINE.test(line);

function blobsOf(source: Source): readonly string[] {
  const groups = metadataOf(source)?.keyGroups ?? [];
  return groups.flatMap(({ keys }) => keys.map(({ enc }) => enc.trim()));
}
