import type { BranchWork, ForgeBranch, NewFile } from './forge.ts';
import { forgeError, isForgeError } from './forge-error.ts';
import { asking } from './github-errors.ts';
import { compareCommits, readBranches } from './github-reading.ts';
import type { GithubRepository } from './github-repository.ts';

const ZERO_OID = '0'.repeat(40);
/** Of one commit's files, before base64. */
const MOST_BYTES = 16 * 1024 * 1024;
const MOST_FILES = 400;

export interface GithubBranches extends GithubRepository {
  /** GitHub's own name for the repository. */
  readonly nodeId: string;
  /** Where a branch of that name is built. */
  readonly buildName: (branch: string) => string;
}

interface RefUpdate {
  readonly name: string;
  /** null: there is none. */
  readonly before: string | null;
  readonly after: string | null;
}

const UPDATE_REFS = `mutation ($input: UpdateRefsInput!) {
  updateRefs(input: $input) { clientMutationId }
}`;

/** All or none of them, and none when one is not where it was seen. */
async function updateRefs(
  { graphql, nodeId }: GithubBranches,
  doing: string,
  updates: readonly RefUpdate[],
): Promise<void> {
  const refUpdates = updates.map(({ name, before, after }) => ({
    name: `refs/heads/${name}`,
    beforeOid: before ?? ZERO_OID,
    afterOid: after ?? ZERO_OID,
    force: true,
  }));
  await asking(doing, () => graphql(UPDATE_REFS, { input: { repositoryId: nodeId, refUpdates } }));
}

async function tipOf(repository: GithubRepository, branch: string): Promise<string | null> {
  const branches = await readBranches(repository, branch);
  return branches.find(({ name }) => name === branch)?.tip ?? null;
}

export async function removeBranch(
  repository: GithubBranches,
  { name, tip }: ForgeBranch,
): Promise<void> {
  const doing = 'delete a branch';
  try {
    await updateRefs(repository, doing, [{ name, before: tip, after: null }]);
  } catch (error) {
    const isGone =
      isForgeError(error, 'ERR_FORGE_STALE') && (await tipOf(repository, name)) === null;
    if (!isGone) throw error;
  }
}

/**
 * Builds a branch under another name, so that the branch itself moves once, from one whole state to
 * the next. What an earlier run left under that name is overwritten.
 */
export async function moveBranch(repository: GithubBranches, work: BranchWork): Promise<string> {
  const build = repository.buildName(work.branch);
  await beginBuild(repository, build, work.base);
  try {
    return await finishBuild(repository, { work, build });
  } catch (error) {
    // What a faster run builds under the same name is not to be taken from it.
    if (!isForgeError(error, 'ERR_FORGE_STALE'))
      await abandonBuild(repository, build).catch(() => undefined);
    throw error;
  }
}

async function beginBuild(repository: GithubBranches, name: string, base: string): Promise<void> {
  const left = await tipOf(repository, name);
  if (left === base) return;
  try {
    await updateRefs(repository, 'make branches', [{ name, before: left, after: base }]);
  } catch (error) {
    const isMade =
      isForgeError(error, 'ERR_FORGE_STALE') && (await tipOf(repository, name)) === base;
    if (!isMade) throw error;
  }
}

async function abandonBuild(repository: GithubBranches, name: string): Promise<void> {
  const tip = await tipOf(repository, name);
  if (tip !== null) await removeBranch(repository, { name, tip });
}

interface Building {
  readonly work: BranchWork;
  /** Name of the branch under construction. */
  readonly build: string;
}

async function finishBuild(repository: GithubBranches, building: Building): Promise<string> {
  const { build, work } = building;
  const { branch, base, before, files } = work;
  const isPlain = files.every(({ mode }) => mode === '100644');
  const tip = isPlain
    ? await commitSigned(repository, building)
    : await commitWithModes(repository, work);
  try {
    await updateRefs(repository, 'move a branch', [
      { name: branch, before, after: tip },
      { name: build, before: isPlain ? tip : base, after: null },
    ]);
  } catch (error) {
    const isDone =
      isForgeError(error, 'ERR_FORGE_STALE') && (await tipOf(repository, branch)) === tip;
    if (!isDone) throw error;
  }
  return tip;
}

const COMMIT = `mutation ($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid } }
}`;

interface CommitAnswer {
  readonly createCommitOnBranch: { readonly commit: { readonly oid: string } };
}

/** GitHub signs these, whoever the token belongs to; they cannot say a file's mode. */
async function commitSigned(
  repository: GithubBranches,
  { build, work }: Building,
): Promise<string> {
  const { owner, repo } = repository.id;
  const [headline = '', ...rest] = work.message.split('\n');
  const body = rest.join('\n').trim();
  let head = work.base;
  for (const files of portionsOf(work.files)) {
    const input = {
      branch: { repositoryNameWithOwner: `${owner}/${repo}`, branchName: build },
      expectedHeadOid: head,
      message: { headline, body },
      fileChanges: {
        additions: files.map(({ path, bytes }) => ({
          path,
          contents: Buffer.from(bytes).toString('base64'),
        })),
      },
    };
    head = await commitOnce(repository, { input, head, build, message: work.message });
  }
  return head;
}

/** An answer that was lost on its way may have been a success: then the commit is there. */
async function commitOnce(
  repository: GithubBranches,
  commit: { input: object; head: string; build: string; message: string },
): Promise<string> {
  const { input, head, build, message } = commit;
  try {
    const answer = await asking('commit files', () =>
      repository.graphql<CommitAnswer>(COMMIT, { input }),
    );
    return answer.createCommitOnBranch.commit.oid;
  } catch (error) {
    if (isForgeError(error, 'ERR_FORGE_NOT_FOUND')) throw goneMeanwhile(error);
    const mayBeThere =
      isForgeError(error, 'ERR_FORGE_STALE') || isForgeError(error, 'ERR_FORGE_UNREACHABLE');
    const tip = mayBeThere ? await tipOf(repository, build) : null;
    if (tip === null || tip === head) throw error;
    const { commits } = await compareCommits(repository, head, tip);
    const [made] = commits ?? [];
    if (commits?.length === 1 && made?.message.trim() === message.trim()) return tip;
    throw error;
  }
}

const goneMeanwhile = (cause: unknown) =>
  forgeError('ERR_FORGE_STALE', 'another run finished the same branch meanwhile', {
    hint: 'Run it again: it starts from what is there now.',
    cause,
  });

/** By the Git data API, which knows modes; signed for apps alone. */
async function commitWithModes(
  { client, id }: GithubBranches,
  { base, files, message }: BranchWork,
): Promise<string> {
  const tree: { path: string; mode: '100644' | '100755'; type: 'blob'; sha: string }[] = [];
  for (const { path, mode, bytes } of files) {
    const { data } = await asking('write files', () =>
      client.request('POST /repos/{owner}/{repo}/git/blobs', {
        ...id,
        content: Buffer.from(bytes).toString('base64'),
        encoding: 'base64',
      }),
    );
    tree.push({ path, mode, type: 'blob', sha: data.sha });
  }
  const made = await asking('write a tree', () =>
    client.request('POST /repos/{owner}/{repo}/git/trees', { ...id, base_tree: base, tree }),
  );
  const { data } = await asking('commit files', () =>
    client.request('POST /repos/{owner}/{repo}/git/commits', {
      ...id,
      message,
      tree: made.data.sha,
      parents: [base],
    }),
  );
  return data.sha;
}

function portionsOf(files: readonly NewFile[]): readonly (readonly NewFile[])[] {
  const portions: NewFile[][] = [];
  let bytes = 0;
  for (const file of files) {
    const last = portions.at(-1);
    bytes += file.bytes.length;
    if (last === undefined || last.length >= MOST_FILES || bytes > MOST_BYTES) {
      portions.push([file]);
      bytes = file.bytes.length;
    } else last.push(file);
  }
  return portions;
}
