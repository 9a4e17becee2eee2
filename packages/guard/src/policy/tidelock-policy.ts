import type { MasterKey, Position, Selection } from '@tidelock/core';
import type { AllowEntry } from '../suppress/allow-entries.ts';
import type { Severity } from '../types.ts';

/** A `.tidelock.yaml`, read. */
export interface TidelockPolicy {
  readonly recipients: ReadonlyMap<string, NamedRecipient>;
  readonly groups: ReadonlyMap<string, readonly string[]>;
  readonly rules: readonly AccessRule[];
  readonly allow: readonly PlacedAllow[];
  /** Bytes; null: not given. */
  readonly largestFile: number | null;
  readonly rotation: RotationPolicy | null;
}

export interface NamedRecipient {
  readonly name: string;
  readonly key: MasterKey;
  readonly owner: string | null;
  /** The last day on which it may read, at midnight UTC. */
  readonly until: Date | null;
  /** Globs of the files whose Flux Kustomizations decrypt with this key. */
  readonly flux?: readonly string[];
}

export interface AccessRule {
  readonly name: string;
  readonly position: Position;
  /** Globs, as written. */
  readonly paths: readonly string[];
  readonly encrypted: boolean;
  readonly recipients: RecipientRule | null;
  readonly keyGroups: { readonly atLeast: number | null; readonly threshold: number | null } | null;
  readonly selection: Selection | null;
  /** Days; null: no limit. */
  readonly maxDataKeyAge: number | null;
  readonly severity: Severity | null;
}

/** Names of recipients and of groups. */
export interface RecipientRule {
  readonly all: readonly string[];
  readonly atLeast: readonly { readonly count: number; readonly of: readonly string[] }[];
  readonly any: readonly string[];
  readonly none: readonly string[];
  readonly others: 'allow' | 'deny';
}

export interface PlacedAllow extends AllowEntry {
  readonly position: Position;
}

/** What files have in common that one request of the rotation bot is for. */
export const GROUPINGS = ['rule', 'directory', 'owner', 'file', 'all'] as const;

export type Grouping = (typeof GROUPINGS)[number];

export interface RotationPolicy {
  /** Days. */
  readonly schedule: number | null;
  readonly groupBy: Grouping | null;
  readonly maxOpen: number | null;
  readonly reviewers: string | readonly string[] | null;
}

/** The recipients behind names of recipients and groups. */
export function membersOf(
  policy: TidelockPolicy,
  names: readonly string[],
): readonly NamedRecipient[] {
  const members = names.flatMap((name) => policy.groups.get(name) ?? [name]);
  return [...new Set(members)].flatMap((name) => policy.recipients.get(name) ?? []);
}
