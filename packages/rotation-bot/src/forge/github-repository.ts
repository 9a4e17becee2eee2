import type { GithubClient } from './github-client.ts';

/** One repository, as the parts of the adapter ask for it. */
export interface GithubRepository {
  readonly client: GithubClient;
  readonly id: { readonly owner: string; readonly repo: string };
  graphql<T>(document: string, variables: Readonly<Record<string, unknown>>): Promise<T>;
}

export function githubRepository(
  client: GithubClient,
  { owner, name }: { readonly owner: string; readonly name: string },
): GithubRepository {
  return {
    client,
    id: { owner, repo: name },
    graphql: (document, variables) => client.graphql(document, { ...variables }),
  };
}
