import {
  type Comment,
  checkLabel,
  type Document,
  decrypt,
  equalBytes,
  type Leaf,
  type OpenedDocument,
  type RecordedKeys,
  sameScalar,
  storeFor,
  treePathOf,
  walkLeaves,
  zero,
} from '@tidelock/core';
import { tokenText } from '../plan/leaf-lists.ts';
import type { PlannedFile } from '../plan/plan.ts';
import { accessOf } from '../plan/planned-key.ts';
import { textOutside } from './outside-text.ts';
import { refuse, sameAccess } from './refusal.ts';

export interface Rewrite {
  readonly opened: OpenedDocument;
  readonly after: Uint8Array;
  readonly file: PlannedFile;
  readonly keys: RecordedKeys;
}

/**
 * Reads the new bytes as anybody will and proves that they are what was planned: every value opens
 * and is the value it was, the MAC is right, the planned readers and no others, no byte changed beside
 * tokens and sops block, nothing came into the open, and of a data key that is to be replaced nothing
 * is left. @throws TidelockError: the new file must go nowhere
 */
export async function proveRewrite({ opened, after, file, keys }: Rewrite): Promise<void> {
  const parsed = storeFor(file.format).parse(after);
  const reopened = await decrypt(parsed, { services: [keys.memory] });
  try {
    proveReaders(reopened, file);
    const before = leavesOf(opened);
    const now = leavesOf(reopened);
    proveValues(before, now);
    proveOutside(before, now, [opened.source, parsed]);
    const isNewKey = file.actions.includes('rotate') || file.actions.includes('reencrypt');
    if (isNewKey) proveNewDataKey(opened, reopened, [before, now]);
    else proveTokensKept(before, now);
  } finally {
    zero(reopened.dataKey);
  }
}

function proveReaders({ metadata }: OpenedDocument, file: PlannedFile): void {
  const labels = metadata.keyGroups.flatMap(({ keys }) => keys.map((key) => checkLabel(key).ok));
  if (!sameAccess(accessOf(metadata, null), file.after) || labels.includes(false))
    throw wrong('its readers would not be those of the plan');
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
  const opened = before.some((old, i) => tokenText(old.stored) !== null && isInTheOpen(now[i]));
  if (opened) throw wrong('a value that is encrypted would come into the open');
}

function samePlain(a: Leaf | Comment, b: Leaf | Comment): boolean {
  if (a.kind === 'comment')
    return b.kind === 'comment' && a.text === b.text && a.inline === b.inline;
  return b.kind === 'leaf' && sameScalar(a.scalar, b.scalar);
}

const isInTheOpen = (leaf: OpenedLeaf | undefined) =>
  leaf === undefined || tokenText(leaf.stored) === null;

function proveOutside(
  before: readonly OpenedLeaf[],
  now: readonly OpenedLeaf[],
  [source, parsed]: readonly [Document, Document],
): void {
  const isToken = before.map(({ stored }, i) => tokenText(stored) !== null || !isInTheOpen(now[i]));
  const tokensOf = (leaves: readonly OpenedLeaf[]) =>
    leaves.filter((_, i) => isToken[i]).map(({ stored }) => stored.syntax?.span);
  const old = textOutside(source, tokensOf(before));
  const next = textOutside(parsed, tokensOf(now));
  if (old === null || old !== next)
    throw wrong('bytes beside its tokens and its sops block would change');
}

function proveNewDataKey(
  opened: OpenedDocument,
  reopened: OpenedDocument,
  [before, now]: readonly [readonly OpenedLeaf[], readonly OpenedLeaf[]],
): void {
  if (equalBytes(opened.dataKey, reopened.dataKey)) throw wrong('its data key would stay');
  // A comment that no key opens is text like any other.
  const tokens = ({ stored, plain }: OpenedLeaf) => {
    const text = tokenText(stored);
    return text === null || (plain.kind === 'comment' && plain.text === text) ? [] : [text];
  };
  const old = new Set([...before.flatMap(tokens), opened.metadata.mac]);
  const kept = [...now.flatMap(tokens), reopened.metadata.mac].some((text) => old.has(text));
  if (kept) throw wrong('the old data key would still open a part of it');
}

function proveTokensKept(before: readonly OpenedLeaf[], now: readonly OpenedLeaf[]): void {
  const same = before.every(({ stored }, i) => {
    const next = now[i];
    return next !== undefined && tokenText(stored) === tokenText(next.stored);
  });
  if (!same) throw wrong('tokens would change under the same data key');
}

function wrong(what: string) {
  return refuse(
    `the new file was not proved: ${what}`,
    'It was left as it is; this may be a mistake of tidelock: please report its format, not its values.',
  );
}
