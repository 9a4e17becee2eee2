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

/** What Git wrote to standard error, cut to one readable sentence. */
export function gitComplaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const line =
    lines.find((candidate) => candidate.startsWith('fatal:')) ?? lines[0] ?? 'no message';
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
