import { isOid, isZeroOid, NulSplitter, RawDiffParser } from './parse.ts';
import type { GitPath } from './path.ts';
import { assertOid } from './revisions.ts';
import type { Git } from './run.ts';

/** What a path was made by one commit. */
export interface PathVersion {
  readonly path: GitPath;
  /** null: the commit removed it. */
  readonly oid: string | null;
  /** Seconds since 1970, the committer's clock. */
  readonly time: number;
}

/**
 * Every change of every path that leads to a commit, newest first, by two processes however many
 * paths there are. A merge counts for what differs from all its parents; renames are not followed.
 */
export async function* listVersions(git: Git, commit: string): AsyncGenerator<PathVersion> {
  const times = await commitTimes(git, commit);
  const args = ['diff-tree', '--stdin', '-r', '-c', '-z', '--raw', '--no-renames', '--no-relative'];
  const input = `${[...times.keys()].join('\n')}\n`;
  const splitter = new NulSplitter();
  const parser = new RawDiffParser();
  for await (const chunk of git.stream([...args, '--root'], { input })) {
    for (const record of splitter.push(chunk)) {
      const complete = parser.push(record);
      if (complete === null) continue;
      const { path, oid } = complete.change;
      const time = times.get(complete.commit ?? '') ?? 0;
      yield { path, oid: isZeroOid(oid) ? null : oid, time };
    }
  }
  splitter.end();
  parser.end();
}

/** Newest first. */
async function commitTimes(git: Git, commit: string): Promise<ReadonlyMap<string, number>> {
  const times = new Map<string, number>();
  let rest = '';
  const args = ['rev-list', '--topo-order', '--timestamp', assertOid(commit)];
  for await (const chunk of git.stream(args)) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const [time = '', oid = ''] = line.split(' ');
      if (isOid(oid)) times.set(oid, Number(time));
    }
  }
  return times;
}
