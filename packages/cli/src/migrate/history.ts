import { listRefs, ObjectReader, openRepository, type Repository } from '@tidelock/git';
import { CONTENT_RULES, check, type Finding, LARGEST_FILE } from '@tidelock/guard';
import { rangeBatches, readContents } from '@tidelock/pre-commit';
import type { Ports } from '../ports.ts';
import { Progress } from '../progress.ts';
import { placeOf } from './place-of.ts';

/** A commit that brought plaintext which is being moved. */
export interface HoldingCommit {
  readonly commit: string;
  readonly path: string;
  /** Names of the values: tree paths or lines. */
  readonly values: readonly string[];
}

export interface History {
  readonly commits: readonly HoldingCommit[];
  /** Ids of the blobs that hold plaintext under the paths that are encrypted now. */
  readonly blobs: readonly string[];
  readonly isShallow: boolean;
}

export interface HistoryRequest {
  readonly root: string;
  /** Paths that are encrypted, or about to be: every plaintext they ever held counts. */
  readonly paths: ReadonlySet<string>;
  /** Plaintext of any path: compared in memory alone. */
  readonly values: ReadonlySet<string>;
  /** Paths of the work tree that stay as they are: their blobs are still needed. */
  readonly kept: ReadonlySet<string>;
}

/** Looks through every commit of every branch and tag, each blob once. */
export async function searchHistory(ports: Ports, request: HistoryRequest): Promise<History> {
  const repository = await openRepository(request.root, ports.env);
  const reader = new ObjectReader(repository.git);
  const progress = new Progress(ports);
  const commits: HoldingCommit[] = [];
  const blobs = new Set<string>();
  try {
    const include = await tipsOf(repository, reader);
    let seen = 0;
    for await (const batch of rangeBatches(repository.git, { include })) {
      const contents = await readContents(reader, batch.files, LARGEST_FILE);
      const sources = contents.flatMap(({ source }) => source ?? []);
      const held = heldBy(sources, request);
      for (const [path, values] of held)
        commits.push({ commit: batch.commit ?? '', path, values: [...values] });
      for (const { file } of contents)
        if (held.has(file.path) && !request.kept.has(file.path)) blobs.add(file.oid);
      seen += batch.files.length;
      progress.show(`${seen} files of the history`);
    }
  } finally {
    progress.clear();
    reader.close();
  }
  return { commits, blobs: [...blobs], isShallow: repository.isShallow };
}

/** Names of the values by path. */
function heldBy(
  sources: Parameters<typeof check>[0],
  { paths, values }: HistoryRequest,
): ReadonlyMap<string, ReadonlySet<string>> {
  const held = new Map<string, Set<string>>();
  const byPath = new Map(sources.map((source) => [source.path, source]));
  check(sources, CONTENT_RULES, {
    onValue(finding, value) {
      if (!isPlaintext(finding)) return;
      if (!paths.has(finding.path) && (value === undefined || !values.has(value))) return;
      const source = byPath.get(finding.path);
      if (source === undefined) return;
      const names = held.get(finding.path) ?? new Set();
      held.set(finding.path, names.add(placeOf(finding, source)));
    },
  });
  return held;
}

const isPlaintext = ({ ruleId, severity }: Finding) =>
  ruleId.startsWith('plaintext/') && severity !== 'note';

async function tipsOf({ git }: Repository, reader: ObjectReader): Promise<readonly string[]> {
  const refs = await listRefs(git, 'refs/');
  const tips = await Promise.all(refs.map(({ oid }) => reader.info(`${oid}^{commit}`)));
  const head = await reader.info('HEAD^{commit}');
  return [...new Set([...tips, head].flatMap((tip) => (tip === null ? [] : [tip.oid])))];
}
