import { TidelockError } from '@tidelock/core';
import type { ForgeRequest, NewFile } from '../forge/forge.ts';
import { isOfKeyStates } from '../plan/actions.ts';
import type { PlannedGroup } from '../plan/plan.ts';
import type { Applying } from './applying.ts';
import { blobOid, commitMessage, contentsDigest } from './commit-message.ts';
import { type GroupPart, groupPart } from './group-part.ts';
import type { GroupResult, GroupResultKind } from './group-result.ts';
import { branchFacts, type Held, heldFiles, readBlob } from './judge-branch.ts';
import { openOrChange } from './open-or-change.ts';
import { type LeftOut, leftOutDigest, type RequestState, readState } from './request-state.ts';
import { editedComment, isEditedComment, requestTitle } from './request-text.ts';

export interface ApplyingGroup extends Applying {
  /** The open one; null: there is none; undefined: look. */
  readonly request: ForgeRequest | null | undefined;
  /** Another request may be opened. */
  readonly mayOpen: boolean;
}

/** Where a group stands, on the forge and in this run. */
export interface GroupWork extends GroupPart {
  readonly branch: string;
  /** null: there is no such branch. */
  readonly tip: string | null;
  readonly request: ForgeRequest | null;
}

/** One group: nothing, a new request, or a change of the one there is. */
export async function applyGroup(
  planned: PlannedGroup,
  applying: ApplyingGroup,
): Promise<GroupResult> {
  const part = groupPart(planned, applying.settings);
  const branch = applying.names.branchOf(planned.branchSuffix);
  const { request, refused } = await requestOf(branch, part, applying);
  const tip = await tipOf(branch, applying);
  const work: GroupWork = { ...part, branch, tip, request };
  if (refused !== null) return resultOf('closed-by-person', { ...work, request: refused });
  if (part.group.files.length === 0) return resultOf('nothing', work);
  const facts = tip === null ? null : await branchFacts(applying, tip);
  if (facts !== null && !facts.isOurs) return leaveAlone(work, applying);
  const held =
    facts === null || facts.isEmpty ? null : await heldFiles(applying, part.group, facts);
  if (held === null) return rebuild(work, NOTHING_HELD, applying);
  return (await whatHolds(work, held, applying)) ?? rebuild(work, held, applying);
}

const NOTHING_HELD: Held = { files: new Map(), isClean: false };

/** The open request, or the one that a person closed and that stays closed. */
async function requestOf(
  branch: string,
  { group }: GroupPart,
  { forge, login, request: known, baseBranch }: ApplyingGroup,
): Promise<{ readonly request: ForgeRequest | null; readonly refused: ForgeRequest | null }> {
  if (known) return { request: known, refused: null };
  const all = (await forge.requestsOf(branch)).filter(({ base }) => base === baseBranch);
  const open = all.find(({ state }) => state === 'open') ?? null;
  if (open !== null) return { request: requireOwn(open, login), refused: null };
  const last = all.find(({ author, body }) => author === login && readState(body) !== null);
  const state = last?.state === 'closed' ? readState(last.body) : null;
  const isRefused = state !== null && !state.isDone && state.digest === group.digest;
  return { request: null, refused: isRefused ? (last ?? null) : null };
}

/** A text that lost its marker is written anew; the request of another stays another's. */
function requireOwn(request: ForgeRequest, login: string): ForgeRequest {
  if (request.author === login) return request;
  const message = `${request.url} is for a branch of the bot, and somebody else opened it`;
  throw new TidelockError('ERR_FORGE', message, {
    hint: 'Close it, or give the bot another prefix with --branch-prefix.',
  });
}

async function tipOf(branch: string, { forge }: Applying): Promise<string | null> {
  const branches = await forge.branches(branch);
  return branches.find(({ name }) => name === branch)?.tip ?? null;
}

export function resultOf(
  kind: GroupResultKind,
  { group, branch, request, leftOut }: Omit<GroupWork, 'tip' | 'deferred'>,
): GroupResult {
  const { id, title } = group;
  const isLeftOut = new Set(leftOut.map(({ path }) => path));
  const files = group.files.filter(({ path }) => !isLeftOut.has(path)).length;
  return {
    kind,
    id,
    title,
    branch,
    url: request?.url ?? null,
    files,
    leftOut,
  };
}

/** A person's work is never overwritten; said once. */
async function leaveAlone(work: GroupWork, { forge, login }: Applying): Promise<GroupResult> {
  const { request } = work;
  if (request !== null) {
    const comments = await forge.comments(request.number);
    const isSaid = comments.some(({ author, body }) => author === login && isEditedComment(body));
    const tip = readState(request.body)?.tip ?? null;
    if (!isSaid) await forge.comment(request.number, editedComment(tip));
  }
  return resultOf('edited', work);
}

/** The result when the branch is what it should be; null: it has to be built anew. */
async function whatHolds(
  work: GroupWork,
  held: Held,
  applying: ApplyingGroup,
): Promise<GroupResult | null> {
  const { group, tip } = work;
  if (!held.isClean || tip === null) return null;
  const missing = group.files.filter(({ path }) => !held.files.has(path));
  const leftOut: LeftOut[] = [...work.leftOut];
  for await (const { file, result } of applying.source.rewrite(missing)) {
    if (result.kind === 'rewritten') return null;
    leftOut.push({ path: file.path, reason: result.reason });
  }
  if (held.files.size === 0) return null;
  return openOrChange({ ...work, leftOut, tip }, applying);
}

/** Files that hold keep their bytes: who reviewed them sees no change. */
async function rebuild(work: GroupWork, held: Held, applying: ApplyingGroup): Promise<GroupResult> {
  const { request, branch } = work;
  if (request === null && !applying.mayOpen) return resultOf('limit', work);
  const mayBeQueued = request !== null && applying.hasMergeQueue;
  if (mayBeQueued && (await applying.forge.isQueued(request.number)))
    return resultOf('queued', work);
  const { files, leftOut } = await newFiles({ work, held, applying });
  if (files.length === 0) return resultOf('nothing', { ...work, leftOut });
  const notes = { plan: work.group.digest, contents: contentsOf(files, applying) };
  const tip = await applying.forge.moveBranch({
    branch,
    base: applying.base.side.commit,
    before: work.tip,
    message: commitMessage(requestTitle(work.group), notes),
    files,
  });
  try {
    return await openOrChange({ ...work, leftOut, tip }, applying);
  } catch (error) {
    // A branch without a request helps nobody, and the next run makes it again.
    if (work.tip === null)
      await applying.forge.deleteBranch({ name: branch, tip }).catch(() => undefined);
    throw error;
  }
}

function contentsOf(files: readonly NewFile[], { base }: Applying): string {
  return contentsDigest(
    files.map(({ path, mode, bytes }) => ({
      path,
      before: base.side.entries.get(path) ?? null,
      after: { mode, oid: blobOid(bytes) },
    })),
  );
}

interface Rebuilding {
  readonly work: GroupWork;
  readonly held: Held;
  readonly applying: ApplyingGroup;
}

async function newFiles({ work, held, applying }: Rebuilding) {
  const files: NewFile[] = [];
  const leftOut: LeftOut[] = [...work.leftOut];
  const missing: PlannedGroup['files'][number][] = [];
  for (const file of work.group.files) {
    const kept = held.files.get(file.path);
    const bytes = kept === undefined ? null : await readBlob(applying, kept.oid);
    if (bytes === null) missing.push(file);
    else files.push({ path: file.path, mode: file.mode, bytes });
  }
  for await (const { file, result } of applying.source.rewrite(missing)) {
    if (result.kind === 'left-out') leftOut.push({ path: file.path, reason: result.reason });
    else files.push({ path: file.path, mode: file.mode, bytes: result.bytes });
  }
  return { files, leftOut };
}

export function stateFor({ group, tip, leftOut }: GroupWork): RequestState {
  const { id, digest, files } = group;
  return {
    group: id,
    digest,
    tip: tip ?? '',
    leftOut: leftOutDigest(leftOut),
    isDone: false,
    needsKeyStates: files.some(({ reasons }) => reasons.some(isOfKeyStates)),
  };
}
