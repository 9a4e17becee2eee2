import type { Accounts } from './accounts.ts';
import { personOf, WEB_FLOW } from './accounts.ts';
import { type BareRepository, type RefChange, ZERO_OID } from './bare-repository.ts';

export interface PullRequest {
  readonly number: number;
  readonly author: string;
  readonly head: string;
  readonly base: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
  isMerged: boolean;
  isDraft: boolean;
  isQueued: boolean;
  /** Where the head was when the branch went away. */
  lastHead: string;
  readonly labels: string[];
  readonly reviewers: string[];
  readonly teams: string[];
  readonly comments: { readonly id: number; readonly author: string; readonly body: string }[];
}

/** A rule for branches whose name matches; `*` stands for anything. */
export interface Protection {
  readonly pattern: string;
  readonly requiresSignatures?: boolean;
  readonly blocksCreations?: boolean;
  readonly blocksForcePushes?: boolean;
  /** Nobody pushes; changes come by pull requests. */
  readonly requiresPullRequest?: boolean;
}

/** One repository of the forge and all that the forge knows of it. */
export class ForgeRepository {
  readonly owner: string;
  readonly name: string;
  readonly git: BareRepository;
  readonly pulls: PullRequest[] = [];
  readonly protections: Protection[] = [];
  /** Of commits that the forge signed. */
  readonly verified = new Set<string>();
  readonly collaborators = new Set<string>();
  isArchived = false;
  hasMergeQueue = false;
  mayActionsOpenPulls = true;
  deletesMergedBranches = false;
  #nextNumber = 1;

  constructor(owner: string, name: string, git: BareRepository) {
    this.owner = owner;
    this.name = name;
    this.git = git;
  }

  get fullName(): string {
    return `${this.owner}/${this.name}`;
  }

  pull(number: number): PullRequest {
    const pull = this.pulls.find((one) => one.number === number);
    if (pull === undefined) throw new ForgeAnswer(404, 'Not Found');
    return pull;
  }

  headOf(pull: PullRequest): string {
    const tip = pull.state === 'open' ? this.git.branch(pull.head) : null;
    if (tip !== null) pull.lastHead = tip;
    return pull.lastHead;
  }

  openPull(fields: { author: string; head: string; base: string; title: string; body: string }) {
    const { head, base } = fields;
    const tip = this.git.branch(head);
    const target = this.git.branch(base);
    if (tip === null) throw invalid('PullRequest', 'head', 'invalid');
    if (target === null) throw invalid('PullRequest', 'base', 'invalid');
    if (this.pulls.some((one) => one.state === 'open' && one.head === head && one.base === base))
      throw validation(`A pull request already exists for ${this.owner}:${head}.`);
    if (this.git.isAncestor(tip, target))
      throw validation(`No commits between ${base} and ${head}`);
    if (fields.body.length > LONGEST_BODY)
      throw validation('body is too long (maximum is 65536 characters)');
    const pull: PullRequest = {
      ...fields,
      number: this.#nextNumber++,
      state: 'open',
      isMerged: false,
      isDraft: false,
      isQueued: false,
      lastHead: tip,
      labels: [],
      reviewers: [],
      teams: [],
      comments: [],
    };
    this.pulls.push(pull);
    return pull;
  }

  comment(pull: PullRequest, author: string, body: string) {
    if (body.length > LONGEST_BODY)
      throw validation('body is too long (maximum is 65536 characters)');
    const comment = { id: this.#nextNumber++ * 1000, author, body };
    pull.comments.push(comment);
    return comment;
  }

  /** Rules, then Git's compare-and-swap; requests whose branch goes away are closed. */
  updateRefs(changes: readonly (RefChange & { readonly isForced: boolean })[]): void {
    for (const change of changes) this.#require(change);
    try {
      this.git.updateRefs(changes);
    } catch (error) {
      throw new ForgeAnswer(422, refTrouble(error));
    }
    this.#closeOrphans(changes);
  }

  #require({ name, after, isForced }: RefChange & { readonly isForced: boolean }): void {
    const current = this.git.ref(name);
    const branch = name.replace(/^refs\/heads\//, '');
    const rules = this.rulesFor(branch);
    const isRemoved = after === ZERO_OID;
    if (!isRemoved && !this.git.isCommit(after))
      throw new ForgeAnswer(422, 'Object does not exist');
    if (current === null && rules.some(({ blocksCreations }) => blocksCreations))
      throw refused(branch, 'Cannot create ref due to creations being restricted.');
    const isRewound = current !== null && !isRemoved && !this.git.isAncestor(current, after);
    if (isRewound && !isForced) throw new ForgeAnswer(422, 'Update is not a fast forward');
    if (isRewound && rules.some(({ blocksForcePushes }) => blocksForcePushes))
      throw refused(branch, 'Cannot force-push to this branch');
    if (current !== null && rules.some(({ requiresPullRequest }) => requiresPullRequest))
      throw refused(branch, 'Changes must be made through a pull request.');
    if (!isRemoved && rules.some(({ requiresSignatures }) => requiresSignatures))
      this.#requireSignatures(branch, current, after);
  }

  #requireSignatures(branch: string, current: string | null, after: string): void {
    const base = current ?? this.git.branch('main') ?? after;
    const commits = this.git.commitsBetween(base, after);
    if (commits.some(({ oid }) => !this.verified.has(oid)))
      throw refused(branch, 'Commits must have verified signatures.');
  }

  rulesFor(branch: string): readonly Protection[] {
    return this.protections.filter(({ pattern }) => isMatch(pattern, branch));
  }

  #closeOrphans(changes: readonly RefChange[]): void {
    for (const pull of this.pulls) {
      if (pull.state !== 'open') continue;
      const change = changes.find(({ name }) => name === `refs/heads/${pull.head}`);
      if (change === undefined) continue;
      if (change.after === ZERO_OID) pull.state = 'closed';
      else pull.lastHead = change.after;
    }
  }

  merge(pull: PullRequest, login: string): void {
    const base = this.git.branch(pull.base);
    const head = this.headOf(pull);
    const tree = base === null ? null : this.git.mergedTree(base, head);
    if (base === null || tree === null) throw new ForgeAnswer(405, 'Pull Request is not mergeable');
    const oid = this.git.commitTree(tree, [base, head], {
      message: `Merge pull request #${pull.number} from ${this.owner}/${pull.head}\n\n${pull.title}`,
      author: personOf(login),
      committer: WEB_FLOW,
    });
    this.verified.add(oid);
    this.git.updateRefs([{ name: `refs/heads/${pull.base}`, before: base, after: oid }]);
    Object.assign(pull, { state: 'closed', isMerged: true, isQueued: false });
    if (this.deletesMergedBranches)
      this.git.updateRefs([{ name: `refs/heads/${pull.head}`, before: null, after: ZERO_OID }]);
  }
}

/** What the whole fake knows. */
export interface ForgeState {
  readonly accounts: Accounts;
  readonly repositories: Map<string, ForgeRepository>;
}

export const LONGEST_BODY = 65_536;

/** An answer that is no success. */
export class ForgeAnswer extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly errors: readonly unknown[];
  /** In GraphQL's `errors[].type`. */
  readonly type: string;

  constructor(
    status: number,
    message: string,
    rest: {
      readonly headers?: Readonly<Record<string, string>>;
      readonly errors?: readonly unknown[];
      readonly type?: string;
    } = {},
  ) {
    super(message);
    this.status = status;
    this.headers = rest.headers ?? {};
    this.errors = rest.errors ?? [];
    this.type = rest.type ?? (status === 403 ? 'FORBIDDEN' : 'UNPROCESSABLE');
  }
}

export function validation(message: string): ForgeAnswer {
  const errors = [{ resource: 'PullRequest', code: 'custom', message }];
  return new ForgeAnswer(422, 'Validation Failed', { errors });
}

const invalid = (resource: string, field: string, code: string) =>
  new ForgeAnswer(422, 'Validation Failed', { errors: [{ resource, field, code }] });

const refused = (branch: string, why: string) =>
  new ForgeAnswer(422, `Repository rule violations found for refs/heads/${branch}\n\n${why}`);

function refTrouble(error: unknown): string {
  const text = error instanceof Error ? error.message : '';
  if (/reference already exists/.test(text)) return 'Reference already exists';
  if (/unable to resolve reference/.test(text)) return 'Reference does not exist';
  if (/exists; cannot create/.test(text)) return 'Reference update failed';
  return 'Reference update failed';
}

function isMatch(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
