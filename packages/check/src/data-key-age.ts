import { fileHistory, ObjectReader, openRepository, resolveCommit } from '@tidelock/git';
import {
  type AccessPolicy,
  compareDataKeys,
  dataKeyAgeVerdict,
  LARGEST_FILE,
  metadataOf,
  Source,
  type Verdict,
} from '@tidelock/guard';
import type { CheckPorts } from './ports.ts';

export interface AgeOptions {
  readonly ports: CheckPorts;
  readonly folder: string;
  /** null: no Git, so no age is known. */
  readonly root: string | null;
  readonly prefix: string;
  readonly access: AccessPolicy | null;
  /** Whose history is looked into. */
  readonly revision: string;
}

const DAY = 24 * 60 * 60;

/** Judges the data keys of the files for which a policy rule limits their age. */
export async function judgeAges(
  sources: readonly Source[],
  options: AgeOptions,
): Promise<readonly Verdict[]> {
  const limited = sources.flatMap((source) => {
    const rules = options.access?.rulesFor(source.path) ?? [];
    const limits = rules.flatMap(({ maxDataKeyAge }) => maxDataKeyAge ?? []);
    return limits.length === 0 || metadataOf(source) === null
      ? []
      : [{ source, limit: Math.min(...limits) }];
  });
  if (limited.length === 0) return [];
  const ageOf = options.root === null ? null : await openHistory(options);
  const verdicts: Verdict[] = [];
  try {
    for (const { source, limit } of limited) {
      const days = ageOf === null ? null : await ageOf.daysOf(source);
      verdicts.push(...dataKeyAgeVerdict(source, days, limit));
    }
  } finally {
    ageOf?.close();
  }
  return verdicts;
}

async function openHistory({ ports, folder, prefix, revision }: AgeOptions) {
  const repository = await openRepository(folder, ports.env);
  const head = await resolveCommit(repository.git, revision).catch(() => null);
  const reader = new ObjectReader(repository.git);
  const now = ports.now().getTime() / 1000;
  return {
    close: () => reader.close(),
    /** Days since the oldest commit from which on consecutive versions share a token; null: unknown. */
    async daysOf(source: Source): Promise<number | null> {
      const path = prefix + source.path;
      if (head === null || path.includes('\n')) return head === null ? 0 : null;
      const history = await fileHistory(repository.git, head, path);
      let version = source;
      let since = now;
      for (const { commit, time } of history.reverse()) {
        const blob = await reader.readBlob(`${commit}:${path}`, { maxBytes: LARGEST_FILE });
        const before = blob.kind === 'blob' ? new Source(source.path, blob.bytes) : null;
        if (before === null || compareDataKeys(before, version) !== 'kept')
          return Math.max(0, Math.floor((now - since) / DAY));
        version = before;
        since = Math.min(since, time);
      }
      // In a shallow clone the oldest version known may be older than its commit.
      return repository.isShallow ? null : Math.max(0, Math.floor((now - since) / DAY));
    },
  };
}
