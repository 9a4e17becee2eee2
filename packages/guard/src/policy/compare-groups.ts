import { effectiveThreshold, type KeyGroup, type MasterKey } from '@tidelock/core';
import { canonicalKey, isKeyAskedFor, mayBeSame } from './canonical-key.ts';

export interface GroupsComparison {
  /** Wanted, and in no group of the file. */
  readonly missing: readonly MasterKey[];
  /** In the file, and wanted in no group. */
  readonly extra: readonly MasterKey[];
  /** Pairs of which nobody can tell offline whether they are one key. */
  readonly undecidable: readonly { readonly wanted: MasterKey; readonly have: MasterKey }[];
  /** Whether the keys that both have are grouped alike, the order of groups aside. */
  readonly sameGrouping: boolean;
}

/** Compares the key groups of a file with those wanted, by canonical names. Pure. */
export function compareGroups(
  have: readonly KeyGroup[],
  wanted: readonly KeyGroup[],
): GroupsComparison {
  const had = byName(have);
  const asked = byName(wanted);
  const missing = new Map([...asked].filter(([name]) => !had.has(name)));
  const extra = new Map([...had].filter(([name]) => !asked.has(name)));
  const undecidable: { wanted: MasterKey; have: MasterKey }[] = [];
  const alias = new Map<string, string>();
  for (const [wantedName, key] of missing) {
    const others = [...extra];
    const same = others.find(([, other]) => isKeyAskedFor(key, other));
    const found = same ?? others.find(([, other]) => mayBeSame(key, other));
    if (found === undefined) continue;
    if (same === undefined) undecidable.push({ wanted: key, have: found[1] });
    alias.set(found[0], wantedName);
    missing.delete(wantedName);
    extra.delete(found[0]);
  }
  const both = new Set([...asked.keys()].filter((name) => !missing.has(name)));
  return {
    missing: [...missing.values()],
    extra: [...extra.values()],
    undecidable,
    sameGrouping: shape(have, both, alias) === shape(wanted, both, new Map()),
  };
}

function byName(groups: readonly KeyGroup[]): Map<string, MasterKey> {
  return new Map(groups.flatMap(({ keys }) => keys.map((key) => [canonicalKey(key), key])));
}

/** Groups as a text that is equal for equal groups in any order; of the named keys alone. */
function shape(
  groups: readonly KeyGroup[],
  names: ReadonlySet<string>,
  alias: ReadonlyMap<string, string>,
): string {
  const lists = groups.map(({ keys }) => {
    const own = keys.map((key) => canonicalKey(key)).map((name) => alias.get(name) ?? name);
    return JSON.stringify([...new Set(own.filter((name) => names.has(name)))].sort());
  });
  return lists.sort().join('\n');
}

/** Groups whose keys are needed together to open a file. */
export function groupsNeeded(groupCount: number, threshold: number): number {
  return groupCount <= 1 ? 1 : effectiveThreshold(groupCount, threshold);
}
