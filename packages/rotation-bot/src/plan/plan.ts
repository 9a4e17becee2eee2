import type { Format, MasterKeyType, SelectionRule } from '@tidelock/core';

/**
 * What is due in one tree, as data: JSON that a person can review and another process can apply. A
 * function of the tree, its policy, the clock and the states of keys; whatever moves by itself (the
 * clock, ages, blobs) is not in it, so that nothing new to do is the very same bytes.
 */
export interface Plan {
  readonly version: 1;
  /** The commit it was made from; null for a tree that is no commit. */
  readonly base: string | null;
  /** Covers what is planned and why, and neither `base` nor what is not due. Hexadecimal. */
  readonly digest: string;
  /** null: the whole tree. */
  readonly shard: Shard | null;
  /** By id; none is empty. */
  readonly groups: readonly PlannedGroup[];
  readonly notDue: NotDue;
  /** By path. What keeps a file from being planned, and what a person has to do about it. */
  readonly problems: readonly PlanProblem[];
  /** Of `rotation:` in the policy; null: not given. */
  readonly limits: { readonly maxOpen: number | null };
  /** What was known of keys beyond the tree. Where it is not `known`, what seems not due may be due. */
  readonly keyStates: KeyKnowledge;
}

export type KeyKnowledge =
  | 'known'
  /** Not everybody answered; the problems say who did not. */
  | 'partly'
  | 'not-asked';

/** One of `count` shares of the paths, counted from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

export interface NotDue {
  /** Encrypted files that are as they should be. */
  readonly upToDate: number;
  /** Encrypted files that no rule of the policy is for, and of which nothing else is due. */
  readonly uncovered: number;
  readonly plain: number;
}

export interface PlanProblem {
  readonly path: string;
  /** One sentence without a value of the file; not escaped. */
  readonly reason: string;
}

/** Files that one request is for. */
export interface PlannedGroup {
  /** Stable from run to run: kind of group and its name. */
  readonly id: string;
  /** Names the group to people; a file's or rule's own words, not escaped. */
  readonly title: string;
  /** Lower-case letters, digits and dashes, at most 60 characters, unique to the group. */
  readonly branchSuffix: string;
  /** As the plan's, of this group alone. */
  readonly digest: string;
  /** Who should look at it: from CODEOWNERS or the policy, in order, without repetition. */
  readonly reviewers: readonly string[];
  /** By path. */
  readonly files: readonly PlannedFile[];
}

export interface PlannedFile {
  readonly path: string;
  readonly format: Format;
  /** Of the file in Git. */
  readonly mode: '100644' | '100755';
  /** In order of kind and text; at least one. */
  readonly reasons: readonly Reason[];
  /** What is done, in this order. */
  readonly actions: readonly Action[];
  readonly before: Access;
  readonly after: Access;
  /** Values somebody could read who should not: to be changed at their source. Tree paths. */
  readonly valuesToChange: readonly string[];
}

/** Who opens a file, and which of its values are encrypted. */
export interface Access {
  readonly keyGroups: readonly (readonly PlannedKey[])[];
  /** Key groups that have to agree; 1 for one group. */
  readonly threshold: number;
  /** null: none is stored, as in a binary file. */
  readonly selection: { readonly rule: SelectionRule; readonly value: string } | null;
  readonly macOnlyEncrypted: boolean;
}

/** A master key without what it wraps. */
export interface PlannedKey {
  readonly type: MasterKeyType;
  /** As sops writes it (`masterKeyId` of core). */
  readonly id: string;
  /** Name and owner the policy gives it, or null. */
  readonly name: string | null;
  readonly owner: string | null;
  /** AWS only: what the id is made of. */
  readonly aws?: {
    readonly arn: string;
    readonly role: string;
    readonly context: readonly (readonly [string, string])[];
    readonly profile: string;
  };
}

export type ReasonKind =
  | 'recipient-added'
  | 'recipient-removed'
  /** The last day of `until` is over. */
  | 'recipient-expired'
  /** By `recipients.none` of the policy. */
  | 'recipient-forbidden'
  /** By its owner. */
  | 'recipient-revoked'
  /** Removed in an earlier commit, and the data key was kept. */
  | 'data-key-kept'
  | 'hidden-recipient'
  | 'key-groups'
  | 'threshold'
  | 'selection'
  | 'data-key-age'
  | 'schedule'
  | 'vault-version'
  | 'pgp-subkey';

export interface Reason {
  readonly kind: ReasonKind;
  /** One sentence without a value of the file; not escaped. Never an age or a time of day. */
  readonly text: string;
}

export type Action =
  /** The data key wrapped for other master keys. */
  | 'updatekeys'
  /** A new data key for every value. */
  | 'rotate'
  /** The data key wrapped anew for the same master keys. */
  | 'rewrap'
  /** Encrypted again under another selection rule, with a new data key. */
  | 'reencrypt';

/** Every file of the plan, by path within its group. */
export function filesOf(plan: Plan): readonly PlannedFile[] {
  return plan.groups.flatMap(({ files }) => files);
}

/** Each reason once, with the number of files it is one for, in order of kind and text. */
export function reasonCounts(
  files: readonly PlannedFile[],
): readonly { readonly text: string; readonly count: number }[] {
  const counts = new Map<string, { readonly text: string; count: number }>();
  for (const { kind, text } of files.flatMap(({ reasons }) => reasons)) {
    const known = counts.get(`${kind} ${text}`);
    if (known === undefined) counts.set(`${kind} ${text}`, { text, count: 1 });
    else known.count++;
  }
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reason]) => reason);
}
