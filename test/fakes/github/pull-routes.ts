import { ForgeAnswer, type ForgeRepository, type PullRequest, validation } from './forge-state.ts';
import { page, type RestRequest, type Route, textOf } from './rest-api.ts';

const READ = [{ pull_requests: 'read' }] as const;
const WRITE = [{ pull_requests: 'write' }] as const;
const EITHER = [{ issues: 'write' }, { pull_requests: 'write' }] as const;

export const pullRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/pulls$/,
    needs: READ,
    handle: ({ repository, url }) => page(url, listPulls(repository, url)),
  },
  { method: 'POST', path: /^\/pulls$/, needs: WRITE, handle: openPull },
  {
    method: 'GET',
    path: /^\/pulls\/(\d+)$/,
    needs: READ,
    handle: ({ repository, parts: [number = ''] }) => ({
      status: 200,
      body: pullBody(repository, repository.pull(Number(number))),
    }),
  },
  { method: 'PATCH', path: /^\/pulls\/(\d+)$/, needs: WRITE, handle: patchPull },
  {
    method: 'PUT',
    path: /^\/pulls\/(\d+)\/merge$/,
    needs: [{ contents: 'write' }],
    handle: ({ repository, caller, parts: [number = ''] }) => {
      repository.merge(repository.pull(Number(number)), caller.login);
      return { status: 200, body: { merged: true } };
    },
  },
  { method: 'POST', path: /^\/pulls\/(\d+)\/requested_reviewers$/, needs: WRITE, handle: ask },
  {
    method: 'GET',
    path: /^\/issues\/(\d+)\/comments$/,
    needs: [{ issues: 'read' }, { pull_requests: 'read' }],
    handle: ({ repository, url, parts: [number = ''] }) =>
      page(url, repository.pull(Number(number)).comments.map(commentBody)),
  },
  {
    method: 'POST',
    path: /^\/issues\/(\d+)\/comments$/,
    needs: EITHER,
    handle: ({ repository, body, caller, parts: [number = ''] }) => {
      const pull = repository.pull(Number(number));
      const comment = repository.comment(pull, caller.login, textOf(body, 'body'));
      return { status: 201, body: commentBody(comment) };
    },
  },
  {
    method: 'POST',
    path: /^\/issues\/(\d+)\/labels$/,
    needs: EITHER,
    handle: ({ repository, body, parts: [number = ''] }) => {
      const pull = repository.pull(Number(number));
      for (const label of body.labels as readonly string[])
        if (!pull.labels.includes(label)) pull.labels.push(label);
      return { status: 200, body: pull.labels.map((name) => ({ name })) };
    },
  },
];

function listPulls(repository: ForgeRepository, url: URL) {
  const state = url.searchParams.get('state') ?? 'open';
  const head = url.searchParams.get('head');
  const base = url.searchParams.get('base');
  return repository.pulls
    .filter((pull) => state === 'all' || pull.state === state)
    .filter((pull) => head === null || head === `${repository.owner}:${pull.head}`)
    .filter((pull) => base === null || base === pull.base)
    .toReversed()
    .map((pull) => pullBody(repository, pull));
}

function openPull({ repository, body, caller }: RestRequest) {
  if (caller.kind === 'actions' && !repository.mayActionsOpenPulls)
    throw new ForgeAnswer(
      403,
      'GitHub Actions is not permitted to create or approve pull requests.',
    );
  const pull = repository.openPull({
    author: caller.login,
    head: textOf(body, 'head'),
    base: textOf(body, 'base'),
    title: textOf(body, 'title'),
    body: textOf(body, 'body'),
  });
  return { status: 201, body: pullBody(repository, pull) };
}

function patchPull({ repository, body, parts: [number = ''] }: RestRequest) {
  const pull = repository.pull(Number(number));
  if (typeof body.body === 'string' && body.body.length > 65_536)
    throw validation('body is too long (maximum is 65536 characters)');
  if (body.state === 'closed') repository.headOf(pull);
  for (const name of ['title', 'body', 'state'] as const) {
    const value = body[name];
    if (typeof value === 'string') Object.assign(pull, { [name]: value });
  }
  return { status: 200, body: pullBody(repository, pull) };
}

/** Whoever has no access cannot be asked, and then nobody is. */
function ask({ repository, body, parts: [number = ''] }: RestRequest) {
  const pull = repository.pull(Number(number));
  const people = (body.reviewers as readonly string[] | undefined) ?? [];
  const teams = (body.team_reviewers as readonly string[] | undefined) ?? [];
  if (people.some((login) => !repository.collaborators.has(login)))
    throw new ForgeAnswer(
      422,
      'Reviews may only be requested from collaborators. One or more of the users or teams you specified is not a collaborator.',
    );
  pull.reviewers.push(...people);
  pull.teams.push(...teams);
  return { status: 201, body: pullBody(repository, pull) };
}

function pullBody(repository: ForgeRepository, pull: PullRequest) {
  const { number, title, body, state, isMerged, isDraft, author, head, base, labels } = pull;
  const full = { full_name: repository.fullName };
  return {
    number,
    title,
    body,
    state,
    draft: isDraft,
    merged_at: isMerged ? '2026-01-01T00:00:00Z' : null,
    html_url: `https://github.example/${repository.fullName}/pull/${number}`,
    user: { login: author },
    labels: labels.map((name) => ({ name })),
    head: { ref: head, sha: repository.headOf(pull), repo: full },
    base: { ref: base, repo: full },
  };
}

const commentBody = ({ id, author, body }: PullRequest['comments'][number]) => ({
  id,
  body,
  user: { login: author },
});
