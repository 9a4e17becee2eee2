/**
 * Where requests for review live. GitHub is the one there is; GitLab and Gitea fit behind the same
 * words. Every method can throw a TidelockError with an ERR_FORGE_… code.
 */
export interface Forge {
  /** What people call it. */
  readonly name: string;
  /** `owner/name`. */
  readonly repository: string;

  /** What the token may do, and what the repository asks for. Reads only. */
  facts(wanted: FactsWanted): Promise<ForgeFacts>;
  /** Branches whose name begins so. */
  branches(prefix: string): Promise<readonly ForgeBranch[]>;
  compare(base: string, head: string): Promise<Comparison>;
  /** Files of a commit by path. */
  tree(commit: string): Promise<ReadonlyMap<string, TreeFile>>;
  blob(oid: string): Promise<Uint8Array>;
  /** Open ones into the branch, from the repository itself. */
  openRequests(base: string): Promise<readonly ForgeRequest[]>;
  /** Of one branch, open or not, newest first. */
  requestsOf(branch: string): Promise<readonly ForgeRequest[]>;
  comments(request: number): Promise<readonly ForgeComment[]>;
  /** Whether a request waits to be merged: a push would throw it out. */
  isQueued(request: number): Promise<boolean>;

  /**
   * Gives a branch new commits on a base instead of those it had, or makes it. It moves once, when all
   * is there; when that fails it stays as it was, and nothing is left beside it.
   * @returns the new tip
   * @throws ERR_FORGE_STALE when the branch is not at `before` any more
   */
  moveBranch(work: BranchWork): Promise<string>;
  /** @throws ERR_FORGE_STALE when it is not at `tip` any more */
  deleteBranch(branch: ForgeBranch): Promise<void>;
  openRequest(request: NewRequest): Promise<ForgeRequest>;
  changeRequest(number: number, change: RequestChange): Promise<void>;
  comment(request: number, text: string): Promise<void>;
  addLabels(request: number, labels: readonly string[]): Promise<void>;
  /** @param reviewers `@person` and `@org/team`; others are not asked */
  askReview(request: number, reviewers: readonly string[]): Promise<void>;
}

/** An entry of a tree as Git names it. */
export interface TreeFile {
  readonly mode: string;
  readonly oid: string;
}

export interface FactsWanted {
  /** null: the one the forge says. */
  readonly baseBranch: string | null;
  /** A name as the bot's branches for that base have. */
  readonly branchFor: (base: string) => string;
}

export interface ForgeFacts {
  /** Whom the forge shows as author. */
  readonly login: string;
  /** `job`: the token that a pipeline gets from the forge itself. */
  readonly token: 'app' | 'user' | 'job';
  /** null: the forge does not tell. */
  readonly canWriteFiles: boolean | null;
  readonly canWriteRequests: boolean | null;
  readonly isArchived: boolean;
  readonly defaultBranch: string | null;
  /** null: there is no such branch. */
  readonly baseTip: string | null;
  readonly hasMergeQueue: boolean;
  /** Why the bot's branches could not be made or moved. */
  readonly branchRules: ReadonlySet<BranchRule>;
  /** Whether pipelines may open requests; null: the forge does not tell. */
  readonly mayJobsOpenRequests: boolean | null;
}

export type BranchRule = 'creation' | 'update' | 'deletion' | 'force' | 'request' | 'signatures';

export interface ForgeBranch {
  readonly name: string;
  readonly tip: string;
}

export interface Comparison {
  readonly mergeBase: string;
  /** Those of the head, oldest first; null: too many to list. */
  readonly commits: readonly ForgeCommit[] | null;
}

export interface ForgeCommit {
  readonly oid: string;
  readonly parents: readonly string[];
  readonly message: string;
  /** null: nobody the forge knows. */
  readonly author: string | null;
}

export interface ForgeRequest {
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: 'open' | 'closed' | 'merged';
  readonly author: string;
  readonly branch: string;
  readonly base: string;
  readonly tip: string;
}

export interface ForgeComment {
  readonly author: string;
  readonly body: string;
}

export interface BranchWork {
  readonly branch: string;
  /** The commit it begins at. */
  readonly base: string;
  /** Where the branch was seen; null: it did not exist. */
  readonly before: string | null;
  readonly message: string;
  readonly files: readonly NewFile[];
}

export interface NewFile {
  readonly path: string;
  readonly mode: '100644' | '100755';
  readonly bytes: Uint8Array;
}

export interface NewRequest {
  readonly branch: string;
  readonly base: string;
  readonly title: string;
  readonly body: string;
}

export interface RequestChange {
  readonly title?: string;
  readonly body?: string;
  readonly state?: 'closed';
}
