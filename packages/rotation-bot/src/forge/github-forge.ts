import type { Forge } from './forge.ts';
import { type GithubBranches, moveBranch, removeBranch } from './github-branches.ts';
import { type ClientOptions, createGithubClient } from './github-client.ts';
import { asking } from './github-errors.ts';
import { readFacts } from './github-facts.ts';
import { compareCommits, readBlob, readBranches, readTree } from './github-reading.ts';
import { githubRepository } from './github-repository.ts';
import {
  createRequest,
  isInMergeQueue,
  labelRequest,
  listComments,
  listRequests,
  patchRequest,
  postComment,
  requestReview,
} from './github-requests.ts';

export interface GithubOptions extends ClientOptions {
  /** Where a branch of that name is built. */
  readonly buildName: (branch: string) => string;
}

/**
 * GitHub, or GitHub Enterprise by its URL.
 * @throws TidelockError ERR_FORGE_… when the credential is refused
 */
export async function connectGithub(options: GithubOptions): Promise<Forge> {
  const { owner, name } = options.repository;
  const doing = 'use the repository as the App';
  const { client, granted } = await asking(doing, () => createGithubClient(options));
  const repository = githubRepository(client, options.repository);
  let known: Promise<GithubBranches> | null = null;
  const branches = () => {
    known ??= nodeIdOf(repository).then((nodeId) => ({
      ...repository,
      nodeId,
      buildName: options.buildName,
    }));
    return known;
  };
  return {
    name: 'GitHub',
    repository: `${owner}/${name}`,
    facts: (wanted) => readFacts({ ...repository, granted }, wanted),
    branches: (prefix) => readBranches(repository, prefix),
    compare: (base, head) => compareCommits(repository, base, head),
    tree: (commit) => readTree(repository, commit),
    blob: (oid) => readBlob(repository, oid),
    openRequests: (base) => listRequests(repository, { base }),
    requestsOf: (branch) => listRequests(repository, { branch }),
    comments: (request) => listComments(repository, request),
    isQueued: (request) => isInMergeQueue(repository, request),
    moveBranch: async (work) => moveBranch(await branches(), work),
    deleteBranch: async (branch) => removeBranch(await branches(), branch),
    openRequest: (request) => createRequest(repository, request),
    changeRequest: (number, change) => patchRequest(repository, number, change),
    comment: (request, text) => postComment(repository, request, text),
    addLabels: (request, labels) => labelRequest(repository, request, labels),
    askReview: (request, reviewers) => requestReview(repository, request, reviewers),
  };
}

const NODE_ID = `query id($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) { id }
}`;

async function nodeIdOf({ graphql, id }: ReturnType<typeof githubRepository>): Promise<string> {
  const { repository } = await asking('look at the repository', () =>
    graphql<{ repository: { id: string } }>(NODE_ID, { owner: id.owner, name: id.repo }),
  );
  return repository.id;
}
