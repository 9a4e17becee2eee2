import { ActionError } from './action-error.ts';

/** At the beginning of our comment; alone it proves nothing, for anybody can write it. */
export const MARKER = '<!-- tidelock:check -->';

export interface CommentTarget {
  readonly apiUrl: string;
  /** `owner/name`. */
  readonly repository: string;
  readonly pullRequest: number;
  readonly token: string;
}

/** What became of the comment, in words for the log. */
export type Commented =
  | { readonly done: true }
  | { readonly done: false; readonly why: string; readonly isForbidden: boolean };

const PAGE = 100;
const MOST_PAGES = 50;
/** Who the token of a workflow writes as. */
const WORKFLOW_AUTHOR = 'github-actions[bot]';

/**
 * Writes the one comment of a pull request, or renews it where it stands: found by marker and author.
 * Never throws: whatever the forge answers, the findings stay what they are.
 * @param body null: only an earlier comment is renewed to `otherwise`
 */
export async function comment(
  target: CommentTarget,
  body: string,
  { isNeeded }: { readonly isNeeded: boolean },
): Promise<Commented> {
  try {
    const { Octokit } = await import('@octokit/core');
    const octokit = new Octokit({ auth: target.token, baseUrl: target.apiUrl, log: SILENT });
    await write(octokit, target, { body, isNeeded });
    return { done: true };
  } catch (error) {
    const status = statusOf(error);
    const isForbidden = status === 403 || status === 404;
    return {
      done: false,
      why: status === null ? 'the forge gave no answer' : `the forge answered ${status}`,
      isForbidden,
    };
  }
}

type Client = InstanceType<typeof import('@octokit/core')['Octokit']>;

const quiet = () => undefined;
const SILENT = { debug: quiet, info: quiet, warn: quiet, error: quiet };

async function write(
  octokit: Client,
  { repository, pullRequest }: CommentTarget,
  { body, isNeeded }: { readonly body: string; readonly isNeeded: boolean },
): Promise<void> {
  const [owner = '', repo = ''] = repository.split('/');
  const own = await findOwn(octokit, { owner, repo, issue_number: pullRequest });
  if (own === null && !isNeeded) return;
  if (own === null)
    await octokit.request('POST /repos/{owner}/{repo}/issues/{issue_number}/comments', {
      owner,
      repo,
      issue_number: pullRequest,
      body,
    });
  else if (own.body !== body)
    await octokit.request('PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}', {
      owner,
      repo,
      comment_id: own.id,
      body,
    });
}

async function findOwn(
  octokit: Client,
  issue: { readonly owner: string; readonly repo: string; readonly issue_number: number },
): Promise<{ readonly id: number; readonly body: string } | null> {
  let author: string | null = null;
  for (let page = 1; page <= MOST_PAGES; page++) {
    const { data } = await octokit.request(
      'GET /repos/{owner}/{repo}/issues/{issue_number}/comments',
      { ...issue, per_page: PAGE, page },
    );
    for (const { id, body = '', user } of data) {
      if (!body.startsWith(MARKER)) continue;
      author ??= await ownName(octokit);
      if (user?.login === author) return { id: Number(id), body };
    }
    if (data.length < PAGE) return null;
  }
  throw new ActionError('the pull request has too many comments', 'Remove some of them.');
}

/** The token of a workflow may not ask who it is. */
async function ownName(octokit: Client): Promise<string> {
  try {
    const { data } = await octokit.request('GET /user');
    return data.login;
  } catch {
    return WORKFLOW_AUTHOR;
  }
}

function statusOf(error: unknown): number | null {
  if (!(error instanceof Error) || !('status' in error)) return null;
  return typeof error.status === 'number' ? error.status : null;
}
