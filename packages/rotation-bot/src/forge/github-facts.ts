import type { BranchRule, FactsWanted, ForgeFacts } from './forge.ts';
import type { Granted } from './github-client.ts';
import { asking, messageOf, statusOf } from './github-errors.ts';
import type { GithubRepository } from './github-repository.ts';

const FACTS = `query facts($owner: String!, $name: String!, $ref: String!) {
  viewer { login }
  repository(owner: $owner, name: $name) {
    isArchived
    defaultBranchRef { name target { oid } }
    ref(qualifiedName: $ref) { target { oid } }
  }
}`;

const QUEUE = `query queue($owner: String!, $name: String!, $branch: String!) {
  repository(owner: $owner, name: $name) { mergeQueue(branch: $branch) { id } }
}`;

interface FactsAnswer {
  readonly viewer: { readonly login: string };
  readonly repository: {
    readonly isArchived: boolean;
    readonly defaultBranchRef: Ref | null;
    readonly ref: Ref | null;
  };
}

interface Ref {
  readonly name?: string;
  readonly target: { readonly oid: string } | null;
}

/** What a run has to know before it begins. Reads only. */
export async function readFacts(
  { client, granted, id, graphql }: GithubRepository & { readonly granted: Granted },
  { baseBranch, branchFor }: FactsWanted,
): Promise<ForgeFacts> {
  const look = 'look at the repository';
  const repository = await asking(look, () => client.request('GET /repos/{owner}/{repo}', id));
  const wanted = baseBranch ?? repository.data.default_branch;
  const answer = await asking(look, () =>
    graphql<FactsAnswer>(FACTS, {
      owner: id.owner,
      name: id.repo,
      ref: `refs/heads/${wanted}`,
    }),
  );
  const { login } = answer.viewer;
  const token = tokenKind(login);
  const mayPush = repository.data.permissions?.push;
  return {
    login,
    token,
    canWriteFiles: granted === null ? told(token, mayPush) : granted.contents === 'write',
    canWriteRequests: granted === null ? told(token, mayPush) : granted.pull_requests === 'write',
    isArchived: answer.repository.isArchived,
    defaultBranch: repository.data.default_branch,
    baseTip: answer.repository.ref?.target?.oid ?? null,
    hasMergeQueue: await hasQueue({ id, graphql }, wanted),
    branchRules: await branchRules({ client, id }, branchFor(wanted)),
    mayJobsOpenRequests: token === 'job' ? await jobsMayOpen({ client, id }) : null,
  };
}

/** Servers that know no merge queue answer with an error. */
async function hasQueue(
  { id, graphql }: Pick<GithubRepository, 'id' | 'graphql'>,
  branch: string,
): Promise<boolean> {
  const variables = { owner: id.owner, name: id.repo, branch };
  try {
    const answer = await graphql<QueueAnswer>(QUEUE, variables);
    return answer.repository.mergeQueue !== null;
  } catch (error) {
    if (/mergeQueue/.test(messageOf(error))) return false;
    return asking('look at the merge queue', () => Promise.reject(error));
  }
}

interface QueueAnswer {
  readonly repository: { readonly mergeQueue: { readonly id: string } | null };
}

function tokenKind(login: string): ForgeFacts['token'] {
  if (login === 'github-actions[bot]') return 'job';
  return login.endsWith('[bot]') ? 'app' : 'user';
}

/** Of what is no user the answer says nothing. */
const told = (token: ForgeFacts['token'], mayPush: boolean | undefined) =>
  token === 'user' && mayPush !== undefined ? mayPush : null;

const RULES: Readonly<Record<string, BranchRule>> = {
  creation: 'creation',
  update: 'update',
  deletion: 'deletion',
  non_fast_forward: 'force',
  pull_request: 'request',
  merge_queue: 'request',
  required_signatures: 'signatures',
};

/** Older Enterprise servers have no rules to ask for. */
async function branchRules(
  { client, id }: Pick<GithubRepository, 'client' | 'id'>,
  branch: string,
): Promise<ReadonlySet<BranchRule>> {
  try {
    const rules = await client.paginate('GET /repos/{owner}/{repo}/rules/branches/{branch}', {
      ...id,
      branch,
      per_page: 100,
    });
    return new Set(rules.flatMap(({ type }) => RULES[type] ?? []));
  } catch (error) {
    const status = statusOf(error);
    if (status === 404 || status === 403) return new Set();
    return asking('read the rules of its branches', () => Promise.reject(error));
  }
}

async function jobsMayOpen({
  client,
  id,
}: Pick<GithubRepository, 'client' | 'id'>): Promise<boolean | null> {
  try {
    const { data } = await client.request(
      'GET /repos/{owner}/{repo}/actions/permissions/workflow',
      id,
    );
    return data.can_approve_pull_request_reviews;
  } catch {
    return null;
  }
}
