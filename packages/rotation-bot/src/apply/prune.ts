import type { ForgeBranch, ForgeRequest } from '../forge/forge.ts';
import { isForgeError } from '../forge/forge-error.ts';
import type { Plan } from '../plan/plan.ts';
import type { Applying } from './applying.ts';
import { branchFacts } from './judge-branch.ts';
import { readState, stateMarker, withState } from './request-state.ts';
import { DONE_NOTE, editedComment, isEditedComment } from './request-text.ts';

export interface Pruned {
  readonly pruned: readonly string[];
  /** Requests that stay open. */
  readonly kept: readonly ForgeRequest[];
}

/**
 * Closes requests of which nothing is due any more and deletes the branches the bot has no use for:
 * those of its prefix, its author and its marker, that nobody else touched.
 */
export async function prune(
  plan: Plan,
  applying: Applying,
  requests: readonly ForgeRequest[],
): Promise<Pruned> {
  const { forge, names } = applying;
  const wanted = new Set(plan.groups.map(({ branchSuffix }) => names.branchOf(branchSuffix)));
  const troubled = new Set(plan.problems.map(({ path }) => path));
  const branches = await forge.branches(names.folder);
  const pruned: string[] = [];
  const kept: ForgeRequest[] = [];
  for (const request of requests) {
    const branch = branches.find(({ name }) => name === request.branch);
    const isDone = !wanted.has(request.branch) && branch !== undefined && knowsOf(plan, request);
    if (isDone && (await closeRequest(request, { branch, troubled, applying })))
      pruned.push(request.url);
    else kept.push(request);
  }
  const needed = new Set([...wanted, ...kept.map(({ branch }) => branch)]);
  for (const branch of branches.filter(({ name }) => !needed.has(name)))
    if (await deleteLeft(branch, applying)) pruned.push(branch.name);
  return { pruned, kept };
}

/** What was due by the states of keys is done only by a run that knows them. */
const knowsOf = ({ keyStates }: Plan, { body }: ForgeRequest): boolean =>
  keyStates === 'known' || readState(body)?.needsKeyStates !== true;

/**
 * Deletes what runs that were cut off, or were too late, left under construction. A run that is still
 * at it begins anew.
 */
export async function sweepBuilds(applying: Applying): Promise<void> {
  const { forge, names } = applying;
  for (const branch of await forge.branches(names.buildFolder)) {
    const { isByBot } = await branchFacts(applying, branch.tip);
    if (!isByBot) continue;
    try {
      await forge.deleteBranch(branch);
    } catch (error) {
      if (!isForgeError(error, 'ERR_FORGE_STALE')) throw error;
    }
  }
}

interface Closing {
  readonly branch: ForgeBranch;
  /** Paths that could not be planned: what is unknown is not done. */
  readonly troubled: ReadonlySet<string>;
  readonly applying: Applying;
}

async function closeRequest(
  request: ForgeRequest,
  { branch, troubled, applying }: Closing,
): Promise<boolean> {
  const { forge, login } = applying;
  const { isOurs, changes } = await branchFacts(applying, branch.tip);
  if (changes.some(({ path }) => troubled.has(path))) return false;
  const state = readState(request.body);
  if (state === null) return false;
  if (!isOurs) {
    const comments = await forge.comments(request.number);
    const isSaid = comments.some(({ author, body }) => author === login && isEditedComment(body));
    if (!isSaid) await forge.comment(request.number, editedComment(state.tip));
    return false;
  }
  const done = { ...state, isDone: true };
  const body = withState(request.body, done).replace(
    stateMarker(done),
    (marker) => `${DONE_NOTE}\n\n${marker}`,
  );
  await forge.changeRequest(request.number, { state: 'closed', body });
  return true;
}

/** Merged, closed, or left by a run that was cut off. */
async function deleteLeft(branch: ForgeBranch, applying: Applying): Promise<boolean> {
  const { isOurs, isEmpty } = await branchFacts(applying, branch.tip);
  if (!isOurs || (isEmpty && !(await hadRequest(branch, applying)))) return false;
  await applying.forge.deleteBranch(branch);
  return true;
}

/** A branch without a commit of its own shows its author only by its request. */
async function hadRequest({ name }: ForgeBranch, { forge, login }: Applying): Promise<boolean> {
  const requests = await forge.requestsOf(name);
  return requests.some(({ author, body }) => author === login && readState(body) !== null);
}
