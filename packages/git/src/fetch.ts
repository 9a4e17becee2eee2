import { GitError } from './errors.ts';
import type { Git } from './run.ts';

export interface FetchOptions {
  readonly remote: string;
  /** Refspecs or object ids. */
  readonly refs: readonly string[];
  /** Bring the whole history of a shallow clone. */
  readonly unshallow: boolean;
}

/** Milliseconds; a large history takes its time. */
const LONGEST = 15 * 60_000;

/** The one process that may open a connection, and only as the repository's own remote says. */
const CONNECTED = { GIT_ALLOW_PROTOCOL: 'https:http:ssh:git:file' };

/**
 * Fetches from a remote of the repository: objects and the named refs, no tags, no submodules.
 * @throws GitError ERR_GIT_FAILED when the remote refuses
 */
export async function fetchRefs(git: Git, options: FetchOptions): Promise<void> {
  const { remote, refs, unshallow } = options;
  if ([remote, ...refs].some((word) => word === '' || word.startsWith('-') || /\s/.test(word)))
    throw new GitError('ERR_GIT_REVISION', 'that is no remote or ref that can be fetched');
  const args = [
    'fetch',
    '--quiet',
    '--force',
    '--no-tags',
    '--no-recurse-submodules',
    '--no-auto-maintenance',
    ...(unshallow ? ['--unshallow'] : []),
    remote,
    ...refs,
  ];
  await git.run(args, { env: CONNECTED, timeoutMs: LONGEST });
}

/** The remote that a clone came from: `origin`, or the only one there is; null where none is. */
export async function ownRemote(git: Git): Promise<string | null> {
  const { stdout } = await git.run(['remote']);
  const names = stdout
    .toString('utf8')
    .split('\n')
    .filter((name) => name !== '');
  if (names.includes('origin')) return 'origin';
  const [only, second] = names;
  return second === undefined ? (only ?? null) : null;
}
