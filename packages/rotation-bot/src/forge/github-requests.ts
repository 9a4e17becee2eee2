import type { ForgeComment, ForgeRequest, NewRequest, RequestChange } from './forge.ts';
import { asking, messageOf, statusOf } from './github-errors.ts';
import type { GithubRepository } from './github-repository.ts';

interface PullData {
  readonly number: number;
  readonly html_url: string;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly merged_at: string | null;
  readonly user: { readonly login: string } | null;
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    readonly repo: { readonly full_name: string } | null;
  };
  readonly base: { readonly ref: string; readonly repo: { readonly full_name: string } };
}

/** A fork's branch of the same name is another one. */
const isFromHere = ({ head, base }: PullData) => head.repo?.full_name === base.repo.full_name;

function requestOf(pull: PullData): ForgeRequest {
  const { number, html_url, title, body, state, merged_at, user, head, base } = pull;
  return {
    number,
    url: html_url,
    title,
    body: body ?? '',
    state: merged_at !== null ? 'merged' : state === 'open' ? 'open' : 'closed',
    author: user?.login ?? '',
    branch: head.ref,
    base: base.ref,
    tip: head.sha,
  };
}

export async function listRequests(
  { client, id }: GithubRepository,
  filter: { readonly base: string } | { readonly branch: string },
): Promise<readonly ForgeRequest[]> {
  const query =
    'base' in filter
      ? { state: 'open' as const, base: filter.base }
      : { state: 'all' as const, head: `${id.owner}:${filter.branch}` };
  const pulls = await asking('list pull requests', () =>
    client.paginate('GET /repos/{owner}/{repo}/pulls', { ...id, ...query, per_page: 100 }),
  );
  return pulls
    .filter(isFromHere)
    .map(requestOf)
    .sort((a, b) => b.number - a.number);
}

/** An answer that was lost on its way may have been a success. */
export async function createRequest(
  repository: GithubRepository,
  { branch, base, title, body }: NewRequest,
): Promise<ForgeRequest> {
  const { client, id } = repository;
  try {
    const { data } = await client.request('POST /repos/{owner}/{repo}/pulls', {
      ...id,
      head: branch,
      base,
      title,
      body,
      maintainer_can_modify: false,
    });
    return requestOf(data);
  } catch (error) {
    const mayBeThere =
      (statusOf(error) ?? 0) >= 500 || /pull request already exists/i.test(messageOf(error));
    const made = mayBeThere ? await listRequests(repository, { branch }) : [];
    const open = made.find((one) => one.state === 'open' && one.base === base);
    if (open !== undefined) return open;
    return asking('open a pull request', () => Promise.reject(error));
  }
}

export async function patchRequest(
  { client, id }: GithubRepository,
  number: number,
  change: RequestChange,
): Promise<void> {
  await asking('change a pull request', () =>
    client.request('PATCH /repos/{owner}/{repo}/pulls/{pull_number}', {
      ...id,
      pull_number: number,
      ...change,
    }),
  );
}

export async function listComments(
  { client, id }: GithubRepository,
  number: number,
): Promise<readonly ForgeComment[]> {
  const comments = await asking('read comments', () =>
    client.paginate('GET /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...id,
      issue_number: number,
      per_page: 100,
    }),
  );
  return comments.map(({ user, body }) => ({ author: user?.login ?? '', body: body ?? '' }));
}

/** Sent once and never again by itself: a lost answer would make it two. */
export async function postComment(
  repository: GithubRepository,
  number: number,
  text: string,
): Promise<void> {
  const { client, id } = repository;
  try {
    await client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      ...id,
      issue_number: number,
      body: text,
      request: { retries: 0 },
    });
  } catch (error) {
    const isLost = (statusOf(error) ?? 0) >= 500;
    const comments = isLost ? await listComments(repository, number) : [];
    if (comments.some(({ body }) => body === text)) return;
    await asking('comment on a pull request', () => Promise.reject(error));
  }
}

export async function labelRequest(
  { client, id }: GithubRepository,
  number: number,
  labels: readonly string[],
): Promise<void> {
  await asking('label a pull request', () =>
    client.request('POST /repos/{owner}/{repo}/issues/{issue_number}/labels', {
      ...id,
      issue_number: number,
      labels: [...labels],
    }),
  );
}

export async function requestReview(
  { client, id }: GithubRepository,
  number: number,
  names: readonly string[],
): Promise<void> {
  const named = names.filter((name) => name.startsWith('@')).map((name) => name.slice(1));
  const reviewers = named.filter((name) => !name.includes('/'));
  const team_reviewers = named
    .filter((name) => name.includes('/'))
    .map((name) => name.slice(name.indexOf('/') + 1));
  if (named.length === 0) return;
  await asking('ask for a review', () =>
    client.request('POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers', {
      ...id,
      pull_number: number,
      reviewers,
      team_reviewers,
    }),
  );
}

const QUEUED = `query queued($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { isInMergeQueue } }
}`;

export async function isInMergeQueue(
  { id, graphql }: GithubRepository,
  number: number,
): Promise<boolean> {
  const answer = await asking('look at the merge queue', () =>
    graphql<{ repository: { pullRequest: { isInMergeQueue: boolean } | null } }>(QUEUED, {
      owner: id.owner,
      name: id.repo,
      number,
    }),
  );
  return answer.repository.pullRequest?.isInMergeQueue === true;
}
