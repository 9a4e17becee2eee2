import { listVersions, type ObjectReader, type PathVersion } from '@tidelock/git';
import { LARGEST_FILE, Source } from '@tidelock/guard';
import type { BaseTree } from './base-tree.ts';
import {
  type DataKeyHistory,
  followDataKey,
  UNKNOWN_HISTORY,
  type Version,
} from './data-key-history.ts';

/** The histories of many files of one repository. */
export class RepositoryHistory {
  readonly #versions = new Map<string, PathVersion[]>();
  readonly #reader: ObjectReader;
  readonly #isShallow: boolean;

  private constructor(reader: ObjectReader, isShallow: boolean) {
    this.#reader = reader;
    this.#isShallow = isShallow;
  }

  /** Walks the commits that lead to the tree's once, for all paths together. */
  static async open(
    { repository, reader, side }: BaseTree,
    paths: ReadonlySet<string>,
  ): Promise<RepositoryHistory> {
    const history = new RepositoryHistory(reader, repository.isShallow);
    if (paths.size === 0) return history;
    for await (const version of listVersions(repository.git, side.commit)) {
      if (!paths.has(version.path)) continue;
      const known = history.#versions.get(version.path);
      if (known === undefined) history.#versions.set(version.path, [version]);
      else known.push(version);
    }
    return history;
  }

  /** Opens no file and needs no key: tokens that stay tell of the data key. */
  async of(source: Source): Promise<DataKeyHistory> {
    const all = this.#versions.get(source.path) ?? [];
    if (all.length === 0) return UNKNOWN_HISTORY;
    const removed = all.findIndex(({ oid }) => oid === null);
    const versions = removed === -1 ? all : all.slice(0, removed);
    return followDataKey(this.#read(source, versions), removed !== -1 || !this.#isShallow);
  }

  async *#read(source: Source, versions: readonly PathVersion[]): AsyncGenerator<Version> {
    for (const [index, { oid, time }] of versions.entries()) {
      const date = new Date(time * 1000);
      if (index === 0) yield { source, time: date };
      else {
        const blob = await this.#reader.readBlob(oid ?? '', { maxBytes: LARGEST_FILE });
        const bytes = blob.kind === 'blob' ? blob.bytes : new Uint8Array();
        yield { source: new Source(source.path, bytes), time: date };
      }
    }
  }
}
