/** Stable codes of what can go wrong between us and Git. */
export type GitErrorCode =
  | 'ERR_GIT_NOT_FOUND'
  | 'ERR_GIT_NOT_A_REPOSITORY'
  | 'ERR_GIT_FAILED'
  | 'ERR_GIT_TIMEOUT'
  | 'ERR_GIT_OUTPUT'
  | 'ERR_GIT_OBJECT'
  | 'ERR_GIT_REVISION'
  | 'ERR_GIT_SHALLOW'
  | 'ERR_GIT_PATH';

/**
 * `message` says what happened and never holds the content of a file; it may quote what Git itself
 * said, so whoever prints it escapes it. `hint` says what to do now.
 */
export class GitError extends Error {
  readonly code: GitErrorCode;
  readonly hint: string | undefined;

  constructor(
    code: GitErrorCode,
    message: string,
    details: { hint?: string; cause?: unknown } = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'GitError';
    this.code = code;
    this.hint = details.hint;
  }
}

/** What to do about a complaint of Git's. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /dubious ownership/,
    'The repository belongs to another user: see `git help config`, safe.directory.',
  ],
  [
    /cannot use bare repository/,
    'A bare repository takes no commits, so no hook of ours: run it in the work tree.',
  ],
  [
    /could not fetch|promisor remote/,
    'This partial clone lacks the object, and a hook opens no connection: `git cat-file -e ID` fetches it. Then try again.',
  ],
];

/** The error of a Git process that failed, by what it wrote to standard error. */
export function gitFailure(what: string, stderr: string): GitError {
  const complaint = gitComplaint(stderr);
  if (/not a git repository/.test(complaint)) {
    return new GitError('ERR_GIT_NOT_A_REPOSITORY', 'this folder is not inside a Git repository', {
      hint: 'Run it inside a work tree, or `git init` first.',
    });
  }
  const id = /[0-9a-f]{40,64}/.exec(complaint)?.[0] ?? 'ID';
  const hint = HINTS.find(([pattern]) => pattern.test(complaint))?.[1].replace('ID', id);
  return new GitError(
    'ERR_GIT_FAILED',
    `${what}: ${complaint}`,
    hint === undefined ? {} : { hint },
  );
}

/** What Git wrote to standard error, cut to one readable sentence. */
function gitComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.find((candidate) => candidate.startsWith('fatal:')) ?? lines[0] ?? 'no message';
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
