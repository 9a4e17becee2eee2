import { relative, resolve, sep } from 'node:path';
import {
  type Git,
  type Introduced,
  isZeroOid,
  listIntroduced,
  listStaged,
  mergedCommits,
  mergeHeads,
  type ObjectReader,
  type Range,
  type RawChange,
  resolveCommit,
  SUBMODULE,
} from '@tidelock/git';
import type { Batch } from './changed-file.ts';
import { configPaths } from './config-paths.ts';
import { STEERING } from './steering-files.ts';

/** What is about to be committed. Names of files only restrict it. */
export async function stagedBatch(
  git: Git,
  reader: ObjectReader,
  files: readonly string[],
): Promise<Batch> {
  const { entries, removed } = await listStaged(git, async (changes) => {
    readAhead(reader, changes);
    const merged = await reader.info('MERGE_HEAD');
    return merged === null ? mergedCommits(git.env) : mergeHeads(git);
  });
  const changes = [...entries, ...removed];
  if (files.length === 0) return { commit: null, files: entries, changes };
  const wanted = new Set(files.map((file) => toPath(git, file)));
  return { commit: null, files: entries.filter((entry) => wanted.has(entry.path)), changes };
}

/** Of more files Git is better asked in pieces, while the first of them are judged. */
const MOST_AT_ONCE = 32;

/** Nearly everything that judging a small change asks of Git, in one question. */
function readAhead(reader: ObjectReader, changes: readonly RawChange[]): void {
  if (changes.length > MOST_AT_ONCE) {
    reader.warmUp();
    return;
  }
  const files = changes.filter(({ mode }) => mode !== SUBMODULE && mode !== NOTHING);
  const configs = changes.flatMap(({ path }) => configPaths(path));
  const inIndex = [...new Set([...STEERING, '.sops.yaml', ...configs])].map((path) => `:0:${path}`);
  reader.preload(['MERGE_HEAD', ...inIndex, ...files.map(({ oid }) => oid)]);
}

/** The mode of a file that the change takes away. */
const NOTHING = '000000';

/** One batch for each commit that brings something, so that memory does not grow with the range. */
export async function* rangeBatches(git: Git, range: Range): AsyncGenerator<Batch> {
  let commit: string | null = null;
  let files: Introduced[] = [];
  for await (const change of listIntroduced(git, range)) {
    if (change.commit !== commit && files.length > 0) {
      yield { commit, files };
      files = [];
    }
    commit = change.commit;
    files.push(change);
  }
  if (files.length > 0) yield { commit, files };
}

/** The range between two revisions, of which the first may be the zero id of a new branch. */
export async function rangeBetween(git: Git, from: string, to: string): Promise<Range> {
  const include = [await resolveCommit(git, to)];
  if (isZeroOid(from)) return { include, excludeRemote: '*' };
  return { include, exclude: [await resolveCommit(git, from)] };
}

export interface PushOptions {
  /** Its name, where it has one. */
  readonly remote: string | undefined;
  /** Told a ref of a blob or tree: it has no commits to walk. */
  onOther(ref: string): void;
}

/**
 * What a push would publish, from the lines Git gives to pre-push. What the remote has is left out
 * by its own tip where we know it, else by what we last saw of it.
 */
export async function pushedRange(
  reader: ObjectReader,
  lines: string,
  { remote, onOther }: PushOptions,
): Promise<Range | null> {
  const include: string[] = [];
  const exclude: string[] = [];
  for (const line of lines.split('\n')) {
    const [name = '', local, , theirs] = line.split(' ');
    if (local === undefined || theirs === undefined || isZeroOid(local)) continue;
    const commit = await reader.info(`${local}^{commit}`);
    if (commit !== null) include.push(commit.oid);
    else onOther(name);
    const known = isZeroOid(theirs) ? null : await reader.info(`${theirs}^{commit}`);
    if (known !== null) exclude.push(known.oid);
  }
  if (include.length === 0) return null;
  return { include, exclude, ...(remote === undefined ? {} : { excludeRemote: remote }) };
}

function toPath(git: Git, file: string): string {
  return relative(git.workTree ?? git.cwd, resolve(git.cwd, file))
    .split(sep)
    .join('/');
}
