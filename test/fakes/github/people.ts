import { personOf } from './accounts.ts';
import type { ForgeRepository, PullRequest } from './forge-state.ts';

/** What a person does on the forge's pages or from a clone. */
export class ForgePerson {
  readonly login: string;
  readonly #repository: ForgeRepository;

  constructor(login: string, repository: ForgeRepository) {
    this.login = login;
    this.#repository = repository;
  }

  /** A commit on a branch, which is made at main when there is none; null removes a file. */
  commit(
    branch: string,
    files: Readonly<Record<string, string | Uint8Array | null>>,
    message = 'Edit by hand',
  ): string {
    const { git } = this.#repository;
    const parent = git.branch(branch) ?? git.branch('main');
    const changes = Object.entries(files).map(([path, content]) => ({
      path,
      mode: modeOf(this.#repository, parent, path),
      oid: content === null ? null : git.writeBlob(Buffer.from(content)),
    }));
    const tree = git.treeWith(parent, changes);
    const person = personOf(this.login);
    const oid = git.commitTree(tree, parent === null ? [] : [parent], {
      message,
      author: person,
      committer: person,
    });
    git.updateRefs([{ name: `refs/heads/${branch}`, before: null, after: oid }]);
    return oid;
  }

  merge(number: number): void {
    this.#repository.merge(this.#pull(number), this.login);
  }

  close(number: number): void {
    const pull = this.#pull(number);
    this.#repository.headOf(pull);
    pull.state = 'closed';
  }

  reopen(number: number): void {
    this.#pull(number).state = 'open';
  }

  comment(number: number, body: string): void {
    this.#repository.comment(this.#pull(number), this.login, body);
  }

  queue(number: number): void {
    this.#pull(number).isQueued = true;
  }

  #pull(number: number): PullRequest {
    return this.#repository.pull(number);
  }
}

function modeOf({ git }: ForgeRepository, commit: string | null, path: string): string {
  const entries = commit === null ? [] : (git.tree(commit, true) ?? []);
  return entries.find((entry) => entry.path === path)?.mode ?? '100644';
}
