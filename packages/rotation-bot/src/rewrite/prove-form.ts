import {
  type Comment,
  checkLabel,
  type Document,
  type Leaf,
  readMetadata,
  treePathOf,
  walkLeaves,
} from '@tidelock/core';
import { tokenText } from '../plan/leaf-lists.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { accessOf } from '../plan/planned-key.ts';
import { textOutside } from './outside-text.ts';
import { sameAccess, wrong } from './refusal.ts';

export interface Form {
  /** Both encrypted. */
  readonly before: Document;
  readonly after: Document;
  readonly file: PlannedFile;
}

/**
 * What can be proved of a rewritten file without a key: the planned readers and no others, no byte
 * changed beside tokens and sops block, nothing in the open that was encrypted, and every token new
 * or none. @throws TidelockError
 */
export function proveForm({ before, after, file }: Form): void {
  proveReaders(after, file);
  const [old, now] = [leavesOf(before), leavesOf(after)];
  if (old.length !== now.length || old.some(({ path }, i) => path !== now[i]?.path))
    throw wrong('it would hold other values than before');
  if (old.some(({ token }, i) => token !== null && now[i]?.token === null))
    throw wrong('a value that is encrypted would come into the open');
  if (!bringsNewDataKey(file) && old.some(({ token }, i) => token !== now[i]?.token))
    throw wrong('tokens would change under the same data key');
  proveOutside(before, after, [old, now]);
}

export const bringsNewDataKey = ({ actions }: PlannedFile) =>
  actions.includes('rotate') || actions.includes('reencrypt');

function proveReaders({ block }: Document, file: PlannedFile): void {
  if (block === null) throw wrong('it would have no sops block');
  const metadata = readMetadata(block);
  const labels = metadata.keyGroups.flatMap(({ keys }) => keys.map((key) => checkLabel(key).ok));
  if (!sameAccess(accessOf(metadata, null), file.after) || labels.includes(false))
    throw wrong('its readers would not be those of the plan');
}

interface PlacedLeaf {
  readonly path: string;
  /** null: in the open. */
  readonly token: string | null;
  readonly leaf: Leaf | Comment;
}

function leavesOf({ branches }: Document): readonly PlacedLeaf[] {
  const leaves: PlacedLeaf[] = [];
  walkLeaves(
    branches,
    (leaf, { place }) => {
      leaves.push({ path: JSON.stringify(treePathOf(place)), token: tokenText(leaf), leaf });
    },
    { encrypted: true },
  );
  return leaves;
}

function proveOutside(
  before: Document,
  after: Document,
  [old, now]: readonly [readonly PlacedLeaf[], readonly PlacedLeaf[]],
): void {
  const isToken = old.map(({ token }, i) => token !== null || now[i]?.token !== null);
  const tokensOf = (leaves: readonly PlacedLeaf[]) =>
    leaves.filter((_, i) => isToken[i]).map(({ leaf }) => leaf.syntax?.span);
  const text = textOutside(before, tokensOf(old));
  if (text === null || text !== textOutside(after, tokensOf(now)))
    throw wrong('bytes beside its tokens and its sops block would change');
}
