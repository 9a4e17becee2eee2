import { TidelockError } from '@tidelock/core';
import { type ApplyingGroup, type GroupWork, resultOf, stateFor } from './apply-group.ts';
import type { GroupResult } from './group-result.ts';
import { type RequestState, readState } from './request-state.ts';
import { requestBody, requestTitle } from './request-text.ts';

/** Sees to the request of a branch that is as it should be; says nothing that is said already. */
export async function openOrChange(work: GroupWork, applying: ApplyingGroup): Promise<GroupResult> {
  const { forge, baseBranch, settings, mayOpen } = applying;
  const { group, branch, request, leftOut, deferred } = work;
  const state = stateFor(work);
  const text = () =>
    requestBody({ group, leftOut, deferred, isUnchecked: settings.isUnchecked }, state);
  if (request !== null) {
    const known = readState(request.body);
    if (known !== null && isSameState(known, state)) return resultOf('unchanged', work);
    await forge.changeRequest(request.number, { body: text() });
    return resultOf('updated', work);
  }
  if (!mayOpen) return resultOf('limit', work);
  const title = requestTitle(group);
  const opened = await forge.openRequest({ branch, base: baseBranch, title, body: text() });
  await makeKnown(opened.number, { work, applying });
  return resultOf('opened', { ...work, request: opened });
}

function isSameState(a: RequestState, b: RequestState): boolean {
  return a.digest === b.digest && a.tip === b.tip && a.leftOut === b.leftOut && a.group === b.group;
}

/** A label that cannot be set, or a person who cannot be asked, stops nothing. */
async function makeKnown(
  number: number,
  { work, applying }: { readonly work: GroupWork; readonly applying: ApplyingGroup },
): Promise<void> {
  const { forge, settings, warn } = applying;
  const attempt = async (what: string, step: () => Promise<void>): Promise<boolean> => {
    try {
      await step();
      return true;
    } catch (error) {
      if (!(error instanceof TidelockError)) throw error;
      warn(`${what}: ${error.message}`);
      return false;
    }
  };
  const { labels } = settings;
  if (labels.length > 0)
    await attempt('the labels were not set', () => forge.addLabels(number, labels));
  const { reviewers } = work.group;
  if (reviewers.length === 0) return;
  const areAsked = await attempt('not all could be asked for a review', () =>
    forge.askReview(number, reviewers),
  );
  if (areAsked || reviewers.length === 1) return;
  for (const reviewer of reviewers)
    await attempt(`${reviewer} was not asked`, () => forge.askReview(number, [reviewer]));
}
