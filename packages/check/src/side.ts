import {
  listTree,
  type ObjectReader,
  type Repository,
  resolveCommit,
  type TreeEntry,
} from '@tidelock/git';
import { LARGEST_FILE, type NotExamined, POLICY_NAME, Source } from '@tidelock/guard';
import { isPolicyPath, type PolicyFile } from './policy-files.ts';

/** One side of a change: a commit's tree, read as it is needed. */
export class Side {
  readonly commit: string;
  readonly entries: ReadonlyMap<string, TreeEntry>;
  readonly #reader: ObjectReader;

  private constructor(commit: string, entries: readonly TreeEntry[], reader: ObjectReader) {
    this.commit = commit;
    this.entries = new Map(entries.map((entry) => [entry.path, entry]));
    this.#reader = reader;
  }

  /** A side without a file: what a history of its own begins with. */
  static empty(reader: ObjectReader): Side {
    return new Side('', [], reader);
  }

  /** @throws GitError when the revision names no commit */
  static async open(repository: Repository, revision: string, reader: ObjectReader): Promise<Side> {
    const commit = await resolveCommit(repository.git, revision);
    const entries: TreeEntry[] = [];
    for await (const entry of listTree(repository.git, commit)) entries.push(entry);
    return new Side(commit, entries, reader);
  }

  /** @param maxBytes a larger file is only named */
  async read(
    paths: readonly string[],
    maxBytes = LARGEST_FILE,
  ): Promise<{ sources: Source[]; unread: NotExamined[] }> {
    const entries = paths.flatMap((path) => this.entries.get(path) ?? []);
    const blobs = entries.filter(({ mode }) => mode !== '160000');
    const sources: Source[] = entries
      .filter(({ mode }) => mode === '160000')
      .map(({ path }) => new Source(path, new Uint8Array(), { mode: '160000' }));
    const unread: NotExamined[] = [];
    const limits = { maxBytes };
    let index = 0;
    for await (const blob of this.#reader.readBlobs(
      blobs.map(({ oid }) => oid),
      limits,
    )) {
      const entry = blobs[index++];
      if (entry === undefined) break;
      if (blob.kind === 'blob') sources.push(new Source(entry.path, blob.bytes, modeOf(entry)));
      else
        unread.push({
          path: entry.path,
          reason: blob.kind === 'too-large' ? 'too-large' : 'unreadable',
        });
    }
    return { sources, unread };
  }

  /** The text of a regular file, null where there is none. */
  async text(path: string): Promise<string | null> {
    const entry = this.entries.get(path);
    if (entry?.mode.startsWith('100') !== true) return null;
    const { sources } = await this.read([path]);
    return sources[0]?.text ?? null;
  }

  /**
   * A link in the place of a policy file is none.
   * @param policyPath read in the place of `.tidelock.yaml`
   */
  async policyFiles(policyPath: string = POLICY_NAME): Promise<readonly PolicyFile[]> {
    if (policyPath !== POLICY_NAME) {
      const own = (await this.policyFiles()).filter(({ path }) => path !== POLICY_NAME);
      const text = await this.text(policyPath);
      return text === null ? own : [...own, { path: POLICY_NAME, bytes: Buffer.from(text) }];
    }
    const paths = [...this.entries.values()]
      .filter(({ path, mode }) => isPolicyPath(path) && mode.startsWith('100'))
      .map(({ path }) => path);
    const { sources } = await this.read(paths);
    return sources.map(({ path, bytes }) => ({ path, bytes }));
  }
}

function modeOf({ mode }: TreeEntry): { mode?: '120000' } {
  return mode === '120000' ? { mode } : {};
}

/** Paths whose entry differs; of those that head has. */
export function changedPaths(base: Side, head: Side): readonly string[] {
  return [...head.entries.values()]
    .filter(({ path, oid, mode }) => {
      const before = base.entries.get(path);
      return before === undefined || before.oid !== oid || before.mode !== mode;
    })
    .map(({ path }) => path);
}

/** Paths that head no longer has. */
export function removedPaths(base: Side, head: Side): readonly string[] {
  return [...base.entries.keys()].filter((path) => !head.entries.has(path));
}
