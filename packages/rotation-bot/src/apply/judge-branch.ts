import { Side } from '@tidelock/check';
import { GitError, isPlainPath } from '@tidelock/git';
import { LARGEST_FILE } from '@tidelock/guard';
import type { Comparison, Forge, ForgeCommit, TreeFile } from '../forge/forge.ts';
import type { BaseTree } from '../plan/base-tree.ts';
import type { PlannedFile, PlannedGroup } from '../plan/plan.ts';
import { type ChangedFile, contentsDigest, readNotes } from './commit-message.ts';
import type { FileSource } from './file-source.ts';

export interface Judging {
  readonly forge: Forge;
  readonly base: BaseTree;
  readonly source: FileSource;
  /** The bot's own. */
  readonly login: string;
}

/** What a branch is in itself. */
export interface BranchFacts {
  /** Nobody but the bot committed to it, and it holds what the bot says it does. */
  readonly isOurs: boolean;
  /** All its commits are the bot's, whole or not. */
  readonly isByBot: boolean;
  /** It has no commit of its own: merged, or never begun. */
  readonly isEmpty: boolean;
  /** Digest of the plan it was made for, or null. */
  readonly plan: string | null;
  readonly changes: readonly ChangedFile[];
}

export async function branchFacts(judging: Judging, tip: string): Promise<BranchFacts> {
  const { forge, base } = judging;
  const comparison = await forge.compare(base.side.commit, tip);
  const { mergeBase, commits } = comparison;
  if (commits?.length === 0)
    return { isOurs: true, isByBot: true, isEmpty: true, plan: null, changes: [] };
  const changes = await changesOf(judging, { mergeBase, tip });
  const notes = readNotes(commits?.at(-1)?.message ?? '');
  const isByBot = isOwnLine(comparison, judging.login);
  const isOurs = isByBot && notes?.contents === contentsDigest(changes);
  return { isOurs, isByBot, isEmpty: false, plan: notes?.plan ?? null, changes };
}

/** One commit after the other from the base, all by the bot. */
function isOwnLine({ mergeBase, commits }: Comparison, login: string): boolean {
  if (commits === null) return false;
  let parent = mergeBase;
  return commits.every((commit: ForgeCommit) => {
    const isNext = commit.parents.length === 1 && commit.parents[0] === parent;
    parent = commit.oid;
    return isNext && commit.author === login && readNotes(commit.message) !== null;
  });
}

type Tree = ReadonlyMap<string, TreeFile>;

/** From the clone where it has both commits. */
async function changesOf(
  judging: Judging,
  { mergeBase, tip }: { readonly mergeBase: string; readonly tip: string },
): Promise<readonly ChangedFile[]> {
  const { forge } = judging;
  const [from, to] = [await localTree(judging, mergeBase), await localTree(judging, tip)];
  if (from !== null && to !== null) return changesBetween(from, to);
  // A name that is no text is written otherwise by the forge: then it has to tell both.
  const isComparable = from !== null && [...from.keys()].every(isPlainPath);
  return changesBetween(isComparable ? from : await forge.tree(mergeBase), await forge.tree(tip));
}

async function localTree({ base }: Judging, commit: string): Promise<Tree | null> {
  if (commit === base.side.commit) return base.side.entries;
  try {
    return (await Side.open(base.repository, commit, base.reader)).entries;
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return null;
  }
}

function changesBetween(from: Tree, to: Tree): readonly ChangedFile[] {
  const changes: ChangedFile[] = [];
  for (const path of new Set([...from.keys(), ...to.keys()])) {
    const before = from.get(path) ?? null;
    const after = to.get(path) ?? null;
    if (before?.oid !== after?.oid || before?.mode !== after?.mode)
      changes.push({ path, before, after });
  }
  return changes;
}

/** What of a group a branch already holds. */
export interface Held {
  /** Files that are as planned, beside the base as it is now, by path. */
  readonly files: ReadonlyMap<string, TreeFile>;
  /** Nothing else is changed in it. */
  readonly isClean: boolean;
}

/**
 * Decides by what the files mean, not by their bytes: wrapped keys and tokens are never the same
 * twice. What no key at hand can open counts when the bot made it for the very same plan.
 */
export async function heldFiles(
  judging: Judging,
  group: PlannedGroup,
  { changes, isOurs, plan }: BranchFacts,
): Promise<Held> {
  const planned = new Map(group.files.map((file) => [file.path, file]));
  const files = new Map<string, TreeFile>();
  const isTrusted = isOurs && plan === group.digest;
  for (const portion of portionsOf(changes)) {
    const judged = portion.map(async ({ path, before, after }) => {
      const file = planned.get(path);
      const now = judging.base.side.entries.get(path);
      const isFit = file !== undefined && after !== null && after.mode === file.mode;
      if (!isFit || before === null || now?.oid !== before.oid) return;
      if ((await isHeld(judging, file, after.oid)) ?? isTrusted) files.set(path, after);
    });
    await Promise.all(judged);
  }
  return { files, isClean: changes.every(({ path }) => planned.has(path)) };
}

async function isHeld(judging: Judging, file: PlannedFile, oid: string): Promise<boolean | null> {
  const before = await judging.base.readFile(file.path);
  const after = await readBlob(judging, oid);
  return before === null || after === null
    ? false
    : judging.source.isRewritten(file, { before, after });
}

/** From the clone where it has it: a blob's name says what is in it. */
export async function readBlob({ forge, base }: Judging, oid: string): Promise<Uint8Array | null> {
  const local = await base.reader.readBlob(oid, { maxBytes: LARGEST_FILE });
  if (local.kind === 'blob') return local.bytes;
  return local.kind === 'missing' ? forge.blob(oid) : null;
}

const AT_ONCE = 8;

function* portionsOf<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += AT_ONCE) yield items.slice(from, from + AT_ONCE);
}
