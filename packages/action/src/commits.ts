import {
  fetchRefs,
  type Git,
  GitError,
  openRepository,
  ownRemote,
  type Repository,
  resolveCommit,
} from '@tidelock/git';
import { ActionError } from './action-error.ts';
import type { Judgeable } from './event.ts';

type ChangeTask = Extract<Judgeable, { kind: 'change' }>;

/** Commits that are all here, with the history between them. */
export interface Commits {
  readonly kind: 'change';
  readonly base: string;
  readonly head: string;
  /** null: the base's. */
  readonly policy: string | null;
}

const FETCH_DEPTH =
  'Give actions/checkout the whole history:\n      - uses: actions/checkout@v6\n        with:\n          fetch-depth: 0';

type Found = Commits | Extract<Judgeable, { kind: 'tree' }>;

/**
 * Looks up the commits of a change. What is missing is fetched once, from the checkout's own remote;
 * with a complete history nothing is.
 * @throws ActionError when it cannot be had
 */
export async function findCommits(task: Judgeable, options: FindOptions): Promise<Found> {
  if (task.kind === 'tree') return task;
  const repository = await openRepository(options.folder, options.env);
  const remote = await ownRemote(repository.git);
  const lookup = new Lookup(repository, remote, { task, policyRef: options.policyRef });
  const here = repository.isShallow ? null : await lookup.all();
  if (here !== null) return here;
  const why = await fetchMissing(repository, remote, lookup);
  const fetched = why === null ? await lookup.all() : null;
  if (fetched !== null) return fetched;
  const { otherwise } = task;
  if (otherwise !== null && !repository.isShallow) return findCommits(otherwise, options);
  throw new ActionError(
    `the commits between base and head are not all here, and ${why ?? 'the remote does not have them any more'}`,
    FETCH_DEPTH,
  );
}

/** Why it could not be done; null: done. */
async function fetchMissing(
  repository: Repository,
  remote: string | null,
  lookup: Lookup,
): Promise<string | null> {
  if (remote === null) return 'there is no remote to fetch from';
  try {
    const { git, isShallow: unshallow } = repository;
    await fetchRefs(git, { remote, refs: await lookup.wanted(), unshallow });
    return null;
  } catch (error) {
    if (error instanceof GitError) return error.message;
    throw error;
  }
}

export interface FindOptions {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly policyRef: string | null;
}

class Lookup {
  readonly #git: Git;
  readonly #remote: string | null;
  readonly #task: ChangeTask;
  readonly #policyRef: string | null;

  constructor(
    { git }: Repository,
    remote: string | null,
    { task, policyRef }: { task: ChangeTask; policyRef: string | null },
  ) {
    this.#git = git;
    this.#remote = remote;
    this.#task = task;
    this.#policyRef = policyRef;
  }

  /** null: something is missing. */
  async all(): Promise<Commits | null> {
    const { baseBranch, baseCommit, head, policyBranch } = this.#task;
    const base =
      (baseBranch === null ? null : await this.#tip(baseBranch)) ??
      (baseCommit === null ? null : await this.#commit(baseCommit));
    const found = await this.#commit(head);
    if (base === null || found === null) return null;
    const { policy, isMissing } = await this.#policy(policyBranch);
    return isMissing ? null : { kind: 'change', base, head: found, policy };
  }

  /** What to fetch for it, whatever of it is here already: the base may have moved. */
  async wanted(): Promise<readonly string[]> {
    const { baseBranch, baseCommit, head, headRef, policyBranch } = this.#task;
    const branches = [baseBranch, policyBranch].flatMap((name) =>
      name === null ? [] : [`+refs/heads/${name}:${this.#tracking(name)}`],
    );
    const isHere = (await this.#commit(head)) !== null;
    const heads = isHere && branches.length > 0 ? [] : [headRef ?? head];
    const needsBase = baseBranch === null && baseCommit !== null;
    const base = needsBase && (await this.#commit(baseCommit)) === null ? [baseCommit] : [];
    const ref = this.#policyRef;
    const named = ref === null || (await this.#named(ref)) !== null ? [] : [ref];
    return [...branches, ...heads, ...base, ...named];
  }

  async #policy(branch: string | null): Promise<{ policy: string | null; isMissing: boolean }> {
    const ref = this.#policyRef;
    if (ref === null && branch === null) return { policy: null, isMissing: false };
    const policy = ref === null ? await this.#tip(branch ?? '') : await this.#named(ref);
    return { policy, isMissing: policy === null };
  }

  async #named(ref: string): Promise<string | null> {
    return (await this.#tip(ref)) ?? (await this.#commit(ref));
  }

  #tracking(name: string): string {
    return `refs/remotes/${this.#remote ?? 'origin'}/${name}`;
  }

  #tip(name: string): Promise<string | null> {
    return this.#commit(this.#tracking(name));
  }

  async #commit(revision: string): Promise<string | null> {
    try {
      return await resolveCommit(this.#git, revision);
    } catch (error) {
      if (error instanceof GitError && error.code === 'ERR_GIT_REVISION') return null;
      throw error;
    }
  }
}
