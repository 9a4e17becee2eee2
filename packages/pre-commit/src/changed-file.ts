import type { GitPath } from '@tidelock/git';

/** A file as the commit (or a commit of the range) would have it. */
export interface ChangedFile {
  readonly path: GitPath;
  readonly mode: string;
  readonly oid: string;
  /** The same path in the parents. */
  readonly before: readonly { readonly mode: string; readonly oid: string }[];
}

/** Files that are judged together, and what their `.sops.yaml` is looked up in. */
export interface Batch {
  /** null for the index. */
  readonly commit: string | null;
  readonly files: readonly ChangedFile[];
  /** All that the commit brings, changes or removes, where `files` is less. */
  readonly changes?: readonly ChangedFile[];
}

/** How the objects of the batch are named to Git. */
export function treeName(batch: Batch): string {
  return batch.commit === null ? ':0:' : `${batch.commit}:`;
}
