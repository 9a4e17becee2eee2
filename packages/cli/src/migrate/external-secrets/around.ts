import type { Deployment, Manifest } from '@tidelock/guard';
import type { FileChange } from '../../init/file-change.ts';
import { kustomizationChanges } from './kustomization-edit.ts';
import { type Placed, withoutDocuments } from './placement.ts';

/** What a move changes beside the Secrets themselves. */
export interface Around {
  /** Kustomizations that name more files. */
  readonly changes: readonly FileChange[];
  /** Files that lose documents, and those of which nothing is left. */
  readonly trimmed: readonly FileChange[];
  readonly removed: readonly { readonly path: string; readonly bytes: Uint8Array }[];
}

/** What becomes of the files in which moved objects stand beside others, and of who names them. */
export function aroundOf(deployment: Deployment, secrets: readonly Placed[]): Around {
  const beside = secrets.filter(({ inPlace }) => !inPlace);
  const sources = [...new Set(beside.map(({ manifest }) => manifest.source))];
  const trimmed: FileChange[] = [];
  const removed: { path: string; bytes: Uint8Array }[] = [];
  const additions = sources.map((source) => {
    const moved = beside.filter(({ manifest }) => manifest.source === source);
    const taken: Manifest[] = moved.map(({ manifest }) => manifest);
    const after = withoutDocuments(source, taken);
    if (after === null) removed.push({ path: source.path, bytes: source.bytes });
    else trimmed.push({ path: source.path, before: source.text ?? '', after, context: 0 });
    return { source, paths: moved.map(({ path }) => path), isKept: after !== null };
  });
  return { changes: kustomizationChanges(deployment, additions), trimmed, removed };
}
