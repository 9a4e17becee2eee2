import type { KeyGroup, MasterKey, Metadata } from '@tidelock/core';
import { say } from '../mask.ts';
import type { Source } from '../source.ts';
import { canonicalKey, keyText } from './canonical-key.ts';
import { keyVerdict } from './judge-keys.ts';
import type { Verdict } from './rule-info.ts';

/**
 * Wrapped keys under a name that its group has already: sops wraps once for each, so that a further
 * one may be anybody's. What a rule itself repeats is repeated in its files.
 * @param wanted key groups of the rule that is for the file
 * @param proven keys whose label an identity at hand has proved
 */
export function* judgeRepeated(
  source: Source,
  { keyGroups }: Metadata,
  {
    wanted,
    proven,
  }: { readonly wanted: readonly KeyGroup[]; readonly proven: ReadonlySet<MasterKey> },
): Iterable<Verdict> {
  for (const { keys } of keyGroups) {
    for (const [name, same] of byName(keys)) {
      const blobs = new Set(same.map(({ enc }) => enc.trim()));
      const asked = Math.max(
        1,
        ...wanted.map((group) => byName(group.keys).get(name)?.length ?? 0),
      );
      const doubtful = same.find((key) => !proven.has(key));
      if (blobs.size <= asked || doubtful === undefined) continue;
      const message = say`${blobs.size} wrapped keys go under the name of ${keyText(doubtful)}, where sops writes one: another may be for somebody else`;
      const hint = say`Wrap it anew with tidelock updatekeys FILE, rotate the file, and find out who wrote this`;
      yield keyVerdict('policy/hidden-recipient', source, doubtful, { message, hint });
    }
  }
}

function byName(keys: readonly MasterKey[]): ReadonlyMap<string, readonly MasterKey[]> {
  const found = new Map<string, MasterKey[]>();
  for (const key of keys)
    found.set(canonicalKey(key), [...(found.get(canonicalKey(key)) ?? []), key]);
  return found;
}
