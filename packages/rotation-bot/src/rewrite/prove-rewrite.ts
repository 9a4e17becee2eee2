import {
  type Comment,
  decrypt,
  equalBytes,
  type KeyService,
  type Leaf,
  type OpenedDocument,
  sameScalar,
  storeFor,
  treePathOf,
  walkLeaves,
  zero,
} from '@tidelock/core';
import { tokenText } from '../plan/leaf-lists.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { bringsNewDataKey, proveForm } from './prove-form.ts';
import { wrong } from './refusal.ts';

/**
 * Reads the new bytes as anybody will and proves that they are what was planned: every value opens
 * and is the value it was, the MAC is right, the planned readers and no others, no byte changed beside
 * tokens and sops block, nothing came into the open, and of a data key that is to be replaced nothing
 * is left. @param services open the new file; those that made it remember how
 * @throws TidelockError: the new file must go nowhere
 */
export async function proveRewrite(
  opened: OpenedDocument,
  after: Uint8Array,
  { file, services }: { readonly file: PlannedFile; readonly services: readonly KeyService[] },
): Promise<void> {
  const parsed = storeFor(file.format).parse(after);
  const reopened = await decrypt(parsed, { services });
  try {
    const before = leavesOf(opened);
    const now = leavesOf(reopened);
    proveForm({ before: opened.source, after: parsed, file });
    proveValues(before, now);
    const isNewKey = bringsNewDataKey(file);
    if (isNewKey && equalBytes(opened.dataKey, reopened.dataKey))
      throw wrong('its data key would stay');
    if (isNewKey) proveNoOldToken(opened, reopened, [before, now]);
  } finally {
    zero(reopened.dataKey);
  }
}

/**
 * Whether bytes that somebody else holds, such as a branch, are the planned file rewritten.
 * @throws TidelockError with what speaks against it, or when no key opens one of both
 */
export async function proveRewritten(
  before: Uint8Array,
  after: Uint8Array,
  { file, services }: { readonly file: PlannedFile; readonly services: readonly KeyService[] },
): Promise<void> {
  const opened = await decrypt(storeFor(file.format).parse(before), { services });
  try {
    await proveRewrite(opened, after, { file, services });
  } finally {
    zero(opened.dataKey);
  }
}

/** A leaf or comment as it stands in the file, and what it opens to. */
interface OpenedLeaf {
  readonly path: string;
  readonly stored: Leaf | Comment;
  readonly plain: Leaf | Comment;
}

function leavesOf({ source, document }: OpenedDocument): readonly OpenedLeaf[] {
  const stored: (Leaf | Comment)[] = [];
  walkLeaves(source.branches, (leaf) => void stored.push(leaf), { encrypted: true });
  const leaves: OpenedLeaf[] = [];
  walkLeaves(document.branches, (plain, context) => {
    const one = stored[leaves.length] ?? plain;
    leaves.push({ path: JSON.stringify(treePathOf(context.place)), stored: one, plain });
  });
  if (leaves.length !== stored.length) throw wrong('its values cannot be told apart');
  return leaves;
}

function proveValues(before: readonly OpenedLeaf[], now: readonly OpenedLeaf[]): void {
  const same =
    before.length === now.length &&
    before.every((old, i) => {
      const next = now[i];
      return next !== undefined && old.path === next.path && samePlain(old.plain, next.plain);
    });
  if (!same) throw wrong('it would hold other values than before');
}

function samePlain(a: Leaf | Comment, b: Leaf | Comment): boolean {
  if (a.kind === 'comment')
    return b.kind === 'comment' && a.text === b.text && a.inline === b.inline;
  return b.kind === 'leaf' && sameScalar(a.scalar, b.scalar);
}

/** Neither where it was nor where a value is left plain. */
function proveNoOldToken(
  opened: OpenedDocument,
  reopened: OpenedDocument,
  [before, now]: readonly [readonly OpenedLeaf[], readonly OpenedLeaf[]],
): void {
  // A comment that no key opens is text like any other.
  const tokens = ({ stored, plain }: OpenedLeaf) => {
    const text = tokenText(stored);
    return text === null || (plain.kind === 'comment' && plain.text === text) ? [] : [text];
  };
  const old = new Set([...before.flatMap(tokens), opened.metadata.mac]);
  const kept = [...now.flatMap(tokens), reopened.metadata.mac].some((text) => old.has(text));
  if (kept) throw wrong('the old data key would still open a part of it');
}
