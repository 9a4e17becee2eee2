import { NulSplitter, RawDiffParser } from './parse.ts';
import type { GitPath } from './path.ts';
import { assertOid } from './revisions.ts';
import type { Git } from './run.ts';

/** A blob that a commit brings to a path, where no earlier commit of the range had it. */
export interface Introduced {
  readonly commit: string;
  readonly path: GitPath;
  readonly status: string;
  readonly mode: string;
  readonly oid: string;
  /** The same path in the commit's parents; those that do not have it are left out. */
  readonly before: readonly { readonly mode: string; readonly oid: string }[];
}

export interface Range {
  /** Ids of commits whose history is walked. */
  readonly include: readonly string[];
  /** Ids of commits whose history is left out. */
  readonly exclude?: readonly string[];
  /** Leave out what this remote is known to have; `*` for all remotes. */
  readonly excludeRemote?: string;
}

/** Every commit of the range, merges included, parents first. */
export async function listCommits(git: Git, range: Range): Promise<string[]> {
  const commits: string[] = [];
  let rest = '';
  for await (const chunk of git.stream(revListArgs(range), { input: revListInput(range) })) {
    const lines = (rest + chunk.toString('latin1')).split('\n');
    rest = lines.pop() ?? '';
    commits.push(...lines);
  }
  return commits;
}

/**
 * What each commit of the range introduces, parents first, each pair of blob and path once. A merge
 * counts for what differs from all its parents. The cost grows with the changes, not with the trees.
 */
export async function* listIntroduced(git: Git, range: Range): AsyncGenerator<Introduced> {
  const commits = await listCommits(git, range);
  if (commits.length === 0) return;
  const args = ['diff-tree', '--stdin', '-r', '-c', '-z', '--raw', '--no-renames', '--no-relative'];
  const seen = new Set<string>();
  const splitter = new NulSplitter();
  const parser = new RawDiffParser();
  const input = `${commits.join('\n')}\n`;
  for await (const chunk of git.stream([...args, '--root'], { input })) {
    for (const record of splitter.push(chunk)) {
      const complete = parser.push(record);
      if (complete === null) continue;
      const { commit, change } = complete;
      if (change.mode === '000000' || commit === null) continue;
      const key = `${change.mode} ${change.oid} ${change.path}`;
      if (seen.has(key)) continue;
      seen.add(key);
      yield { ...change, commit, before: change.before.filter((side) => side.mode !== '000000') };
    }
  }
  splitter.end();
  parser.end();
}

function revListArgs(range: Range): string[] {
  const remote = range.excludeRemote;
  const exclude =
    remote === undefined ? [] : ['--not', remote === '*' ? '--remotes' : `--remotes=${remote}`];
  return ['rev-list', '--topo-order', '--reverse', '--stdin', ...exclude];
}

function revListInput(range: Range): string {
  const include = range.include.map((oid) => `${assertOid(oid)}\n`);
  const exclude = (range.exclude ?? []).map((oid) => `^${assertOid(oid)}\n`);
  return [...include, ...exclude].join('');
}
