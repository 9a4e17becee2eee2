import { GitError } from './errors.ts';
import { type GitPath, pathFromBytes } from './path.ts';

/** One changed path of a raw diff. */
export interface RawChange {
  readonly path: GitPath;
  /** One letter for each side it is compared with: A, C, D, M, R, T, U, X. */
  readonly status: string;
  /** Octal, as `100644`; `000000` where there is nothing. */
  readonly mode: string;
  readonly oid: string;
  /** What the path was before: one for an ordinary diff, one for each parent of a merge. */
  readonly before: readonly { readonly mode: string; readonly oid: string }[];
}

export interface TreeEntry {
  readonly path: GitPath;
  readonly mode: string;
  readonly type: 'blob' | 'commit' | 'tree';
  readonly oid: string;
}

export interface IndexEntry {
  readonly path: GitPath;
  readonly mode: string;
  readonly oid: string;
  /** 0, or 1 to 3 for an unmerged path. */
  readonly stage: number;
}

const OID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

export function isOid(text: string): boolean {
  return OID.test(text);
}

export function isZeroOid(oid: string): boolean {
  return /^0+$/.test(oid);
}

/**
 * Cuts NUL-terminated output that comes in pieces of any size. `push` returns the records that are
 * complete; `end` throws when something is left over.
 */
export class NulSplitter {
  #rest: Buffer[] = [];

  push(chunk: Buffer): Buffer[] {
    const records: Buffer[] = [];
    let from = 0;
    for (let nul = chunk.indexOf(0); nul !== -1; nul = chunk.indexOf(0, from)) {
      const piece = chunk.subarray(from, nul);
      records.push(this.#rest.length === 0 ? piece : Buffer.concat([...this.#rest, piece]));
      this.#rest = [];
      from = nul + 1;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
    return records;
  }

  /** @throws GitError ERR_GIT_OUTPUT */
  end(): void {
    if (this.#rest.length > 0) throw malformed('a record without its end');
  }
}

/** Reads `--raw -z` output, of one diff or of `diff-tree --stdin` (which names each commit). */
export class RawDiffParser {
  #pending: Omit<RawChange, 'path'> | null = null;
  #commit: string | null = null;

  /**
   * The change that the record completes, or null.
   * @throws GitError ERR_GIT_OUTPUT
   */
  push(record: Buffer): { commit: string | null; change: RawChange } | null {
    if (this.#pending !== null) {
      const change = { ...this.#pending, path: pathFromBytes(record) };
      this.#pending = null;
      return { commit: this.#commit, change };
    }
    const text = record.toString('latin1');
    if (isOid(text)) this.#commit = text;
    else this.#pending = parseRawHeader(text);
    return null;
  }

  /** @throws GitError ERR_GIT_OUTPUT */
  end(): void {
    if (this.#pending !== null) throw malformed('a change without its path');
  }
}

/** `git diff-index --raw -z`, whole. Renames must be off (`--no-renames`): one path for each change. */
export function parseRawDiff(output: Buffer): RawChange[] {
  const changes: RawChange[] = [];
  const parser = new RawDiffParser();
  for (const record of records(output)) {
    const complete = parser.push(record);
    if (complete !== null) changes.push(complete.change);
  }
  parser.end();
  return changes;
}

/** `:mode mode oid oid M`, or with a colon, a mode and an id more for each parent of a merge. */
function parseRawHeader(text: string): Omit<RawChange, 'path'> {
  const sides = /^:+/.exec(text)?.[0].length ?? 0;
  const fields = text.slice(sides).split(' ');
  const status = fields.at(-1) ?? '';
  if (sides === 0 || fields.length !== 2 * sides + 3 || !/^[A-Z][A-Z0-9]*$/.test(status)) {
    throw malformed('a change it does not know');
  }
  const modes = fields.slice(0, sides + 1);
  const oids = fields.slice(sides + 1, 2 * sides + 2);
  if (!modes.every((mode) => /^[0-7]{6}$/.test(mode)) || !oids.every(isOid)) {
    throw malformed('a change with a strange mode or id');
  }
  const before = modes.slice(0, sides).map((mode, i) => ({ mode, oid: oids[i] ?? '' }));
  return {
    status: status.replace(/\d+$/, ''),
    mode: modes.at(-1) ?? '',
    oid: oids.at(-1) ?? '',
    before,
  };
}

/** One record of `git ls-tree -r -z`: `mode type oid<TAB>path`. */
export function parseTreeEntry(record: Buffer): TreeEntry {
  const { head, path } = cutAtTab(record);
  const match = /^([0-7]{6}) (blob|commit|tree) ([0-9a-f]+)$/.exec(head);
  if (match === null || !isOid(match[3] ?? '')) throw malformed('a tree entry it does not know');
  return { path, mode: match[1] ?? '', type: match[2] as TreeEntry['type'], oid: match[3] ?? '' };
}

/** One record of `git ls-files --stage -z`: `mode oid stage<TAB>path`. */
export function parseIndexEntry(record: Buffer): IndexEntry {
  const { head, path } = cutAtTab(record);
  const match = /^([0-7]{6}) ([0-9a-f]+) ([0-3])$/.exec(head);
  if (match === null || !isOid(match[2] ?? '')) throw malformed('an index entry it does not know');
  return { path, mode: match[1] ?? '', oid: match[2] ?? '', stage: Number(match[3]) };
}

/** All records of a complete output. */
export function records(output: Buffer): Buffer[] {
  const splitter = new NulSplitter();
  const all = splitter.push(output);
  splitter.end();
  return all;
}

function cutAtTab(record: Buffer): { head: string; path: GitPath } {
  const tab = record.indexOf(9);
  if (tab === -1) throw malformed('an entry without a path');
  return { head: record.toString('latin1', 0, tab), path: pathFromBytes(record.subarray(tab + 1)) };
}

function malformed(what: string): GitError {
  return new GitError('ERR_GIT_OUTPUT', `git wrote ${what}`);
}
