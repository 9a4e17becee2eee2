import type { CreationRule } from '@tidelock/core';
import {
  type AccessChange,
  type AccessEntry,
  accessChanges,
  accessOf,
  accessTable,
  type CreationPolicy,
  demandedKeys,
  type GoverningRule,
  metadataOf,
  type Source,
  type TidelockPolicy,
} from '@tidelock/guard';
import type { Side } from '../side.ts';

/** Who gains and who loses which files. */
export interface AccessByChange {
  /** By what the changed files themselves say. */
  readonly files: readonly AccessChange[];
  /** By what changed rules say of encrypted files, once these follow. */
  readonly rules: readonly AccessChange[];
}

export function fileAccess(
  earlier: readonly Source[],
  sources: readonly Source[],
  policy: TidelockPolicy | null,
): readonly AccessChange[] {
  return accessChanges(accessTable(earlier, policy), accessTable(sources, policy));
}

export interface RuleChange {
  readonly before: CreationPolicy;
  readonly after: CreationPolicy;
  readonly head: Side;
  readonly policy: TidelockPolicy | null;
}

/** Reads those files alone whose rule names other keys than before. */
export async function ruleAccess(change: RuleChange): Promise<readonly AccessChange[]> {
  const { before, after, head, policy } = change;
  const texts = new Map<CreationRule, string>();
  const keysOf = (governing: GoverningRule | null) => {
    if (governing === null) return '';
    const known = texts.get(governing.rule) ?? demandedKeys(governing);
    texts.set(governing.rule, known);
    return known;
  };
  const paths = [...head.entries.keys()].filter(
    (path) => keysOf(before.ruleFor(path)) !== keysOf(after.ruleFor(path)),
  );
  if (paths.length === 0) return [];
  const { sources } = await head.read(paths);
  const encrypted = sources.filter((source) => metadataOf(source) !== null);
  const table = (creation: CreationPolicy) =>
    accessOf(
      encrypted.flatMap(({ path }) => entryOf(path, creation.ruleFor(path)) ?? []),
      policy,
    );
  return accessChanges(table(before), table(after));
}

function entryOf(path: string, governing: GoverningRule | null): AccessEntry | null {
  const { keyGroups, rule } = governing ?? { keyGroups: null, rule: null };
  if (keyGroups === null) return null;
  return { path, keyGroups, shamirThreshold: rule?.shamirThreshold ?? 0 };
}
