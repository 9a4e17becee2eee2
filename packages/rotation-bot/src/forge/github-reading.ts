import type { Comparison, ForgeBranch, ForgeCommit, TreeFile } from './forge.ts';
import { asking } from './github-errors.ts';
import type { GithubRepository } from './github-repository.ts';

/** GitHub lists no more commits of a comparison. */
const MOST_COMMITS = 250;

export async function readBranches(
  { client, id }: GithubRepository,
  prefix: string,
): Promise<readonly ForgeBranch[]> {
  const { data } = await asking('list branches', () =>
    client.request('GET /repos/{owner}/{repo}/git/matching-refs/{ref}', {
      ...id,
      ref: `heads/${prefix}`,
    }),
  );
  return data.map(({ ref, object }) => ({
    name: ref.slice('refs/heads/'.length),
    tip: object.sha,
  }));
}

export async function compareCommits(
  { client, id }: GithubRepository,
  base: string,
  head: string,
): Promise<Comparison> {
  const commits: ForgeCommit[] = [];
  for (let page = 1; ; page++) {
    const { data } = await asking('compare commits', () =>
      client.request('GET /repos/{owner}/{repo}/compare/{basehead}', {
        ...id,
        basehead: `${base}...${head}`,
        per_page: 100,
        page,
      }),
    );
    const mergeBase = data.merge_base_commit.sha;
    if (data.total_commits > MOST_COMMITS) return { mergeBase, commits: null };
    for (const { sha, parents, commit, author } of data.commits)
      commits.push({
        oid: sha,
        parents: parents.map((parent) => parent.sha),
        message: commit.message,
        author: author !== null && 'login' in author ? (author.login ?? null) : null,
      });
    if (commits.length >= data.total_commits || data.commits.length === 0)
      return { mergeBase, commits };
  }
}

/** In one request; folder by folder where that is too much for it. */
export async function readTree(
  repository: GithubRepository,
  commit: string,
): Promise<ReadonlyMap<string, TreeFile>> {
  const whole = await listTree(repository, commit, true);
  if (!whole.isCut) return new Map(whole.files.map(({ path, ...file }) => [path, file]));
  const files = new Map<string, TreeFile>();
  const folders = [{ oid: commit, prefix: '' }];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const { prefix } = folder;
    const listed = await listTree(repository, folder.oid, false);
    for (const { path, ...file } of listed.files) files.set(prefix + path, file);
    for (const { path, oid } of listed.folders) folders.push({ oid, prefix: `${prefix}${path}/` });
  }
  return files;
}

async function listTree({ client, id }: GithubRepository, oid: string, isRecursive: boolean) {
  const { data } = await asking('read a tree', () =>
    client.request('GET /repos/{owner}/{repo}/git/trees/{tree_sha}', {
      ...id,
      tree_sha: oid,
      ...(isRecursive ? { recursive: '1' } : {}),
    }),
  );
  const entries = data.tree.map(({ path = '', mode = '', type, sha = '' }) => ({
    path,
    mode,
    type,
    oid: sha,
  }));
  return {
    isCut: data.truncated,
    files: entries
      .filter(({ type }) => type !== 'tree')
      .map(({ path, mode, oid: file }) => ({ path, mode, oid: file })),
    folders: entries.filter(({ type }) => type === 'tree'),
  };
}

export async function readBlob({ client, id }: GithubRepository, oid: string): Promise<Uint8Array> {
  const { data } = await asking('read a file', () =>
    client.request('GET /repos/{owner}/{repo}/git/blobs/{file_sha}', { ...id, file_sha: oid }),
  );
  return Buffer.from(data.content, 'base64');
}
