import { GitError } from './errors.ts';

export interface BatchAnswer {
  readonly oid: string;
  readonly type: string;
  readonly size: number;
  /** null when only the header was asked for. */
  readonly body: Buffer | null;
}

/**
 * The line by which `git cat-file --batch*` answers a request; null when there is no such object.
 * @throws GitError ERR_GIT_OUTPUT
 */
export function parseBatchHeader(line: string): Omit<BatchAnswer, 'body'> | null {
  const match = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/.exec(line);
  if (match !== null) return { oid: match[1] ?? '', type: match[2] ?? '', size: Number(match[3]) };
  if (/ (missing|ambiguous)$/.test(line)) return null;
  throw new GitError('ERR_GIT_OUTPUT', 'git cat-file gave an answer it does not know');
}
