import { type KeyGroup, type MasterKey, type Metadata, masterKeyId } from '../document/metadata.ts';
import { checkLabel, type LabelCheck } from '../keys/label.ts';

export interface GroupDiff {
  /** Wanted keys that the file has, in the wanted order; then added; then removed in file order. */
  readonly common: readonly MasterKey[];
  readonly added: readonly MasterKey[];
  readonly removed: readonly MasterKey[];
}

/** A key whose wrapped bytes do not go with its name: it may have a reader that nobody sees. */
export interface Mislabelled {
  readonly group: number;
  readonly key: MasterKey;
  /** Completes the sentence "this key …". */
  readonly reason: string;
}

/** What `updatekeys` would do to a file (SOPS-FORMAT 9.3). */
export interface KeyUpdatePlan {
  readonly upToDate: boolean;
  /** One for each group of the file or of the wanted, whichever are more. */
  readonly groups: readonly GroupDiff[];
  readonly threshold: { readonly before: number; readonly after: number };
  readonly mislabelled: readonly Mislabelled[];
}

export type CheckLabel = (key: MasterKey) => LabelCheck;

/**
 * Compares a file's key groups with those wanted: group by group, by kind and id, order within a group
 * aside. A wrapped key that does not match its label makes the file out of date. Pure.
 */
export function planKeyUpdate(
  metadata: Pick<Metadata, 'keyGroups' | 'shamirThreshold'>,
  wantedGroups: readonly KeyGroup[],
  check: CheckLabel = checkLabel,
): KeyUpdatePlan {
  const { keyGroups, shamirThreshold } = metadata;
  const count = Math.max(keyGroups.length, wantedGroups.length);
  const groups = Array.from({ length: count }, (_, i) =>
    diffGroup(keyGroups[i]?.keys ?? [], wantedGroups[i]?.keys ?? []),
  );
  const threshold = {
    before: shamirThreshold,
    after: updatedThreshold(shamirThreshold, wantedGroups.length),
  };
  const mislabelled = findMislabelled(keyGroups, check);
  const sameKeys = groups.every(({ added, removed }) => added.length + removed.length === 0);
  const sameCount = keyGroups.length === wantedGroups.length;
  const sameThreshold = threshold.before === threshold.after;
  return {
    upToDate: sameKeys && sameCount && sameThreshold && mislabelled.length === 0,
    groups,
    threshold,
    mislabelled,
  };
}

/**
 * The threshold a file keeps when its groups change: never more than there are groups and never less
 * than 2 (sops writes 1 there, and cannot add a group later); 0 becomes the number of groups.
 */
export function updatedThreshold(before: number, groupCount: number): number {
  if (before === 0) return groupCount > 1 ? groupCount : 0;
  if (groupCount <= 1 && before === 1) return 1;
  return Math.max(2, Math.min(before, groupCount));
}

function diffGroup(have: readonly MasterKey[], want: readonly MasterKey[]): GroupDiff {
  const had = new Set(have.map(nameOf));
  const wanted = new Set(want.map(nameOf));
  return {
    common: want.filter((key) => had.has(nameOf(key))),
    added: want.filter((key) => !had.has(nameOf(key))),
    removed: have.filter((key) => !wanted.has(nameOf(key))),
  };
}

function findMislabelled(groups: readonly KeyGroup[], check: CheckLabel): readonly Mislabelled[] {
  return groups.flatMap(({ keys }, group) =>
    keys.flatMap((key) => {
      const result = check(key);
      return result.ok === false ? [{ group, key, reason: result.reason }] : [];
    }),
  );
}

function nameOf(key: MasterKey): string {
  return `${key.type} ${masterKeyId(key)}`;
}
