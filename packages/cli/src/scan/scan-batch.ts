import type { NotExaminedReason } from '@tidelock/guard';
import type { Covered } from '@tidelock/pre-commit';

/** One file to look into, or why it cannot be. */
export interface ScanFile {
  /** As findings show it: with `/`, bytes that are not UTF-8 as `\xHH`. */
  readonly path: string;
  /** null when nothing could be read; then `reason` says why. */
  readonly bytes: Uint8Array | null;
  readonly reason: NotExaminedReason | null;
  /** What says that the file must be encrypted. */
  readonly covered: Covered | null;
}

/** Files that are judged together. */
export interface ScanBatch {
  /** null for files of the disk and of the index. */
  readonly commit: string | null;
  readonly files: readonly ScanFile[];
}

/** Where a scan looks, and where its baseline is when nobody names one. */
export interface ScanPlace {
  /** Absolute. */
  readonly root: string;
  /** Absolute: the top of the repository, or the root where there is none. */
  readonly top: string;
  /** From there to the paths of findings: `''` or with a final `/`. */
  readonly prefix: string;
  readonly batches: AsyncIterable<ScanBatch>;
  /** Said once at the end: what was left out on purpose, in words. */
  leftOut(): readonly string[];
  /** A `.sops.yaml` that could not be read: nothing can be said of what it covers. */
  problems(): readonly Error[];
  /** Ends what was started for it. */
  close?(): void;
}
