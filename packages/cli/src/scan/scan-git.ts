import { relative, resolve, sep } from 'node:path';
import {
  createGit,
  type Git,
  type GitPath,
  listRefs,
  ObjectReader,
  resolveCommit,
} from '@tidelock/git';
import {
  type Batch,
  coveredByConfig,
  coveredByCreationRule,
  Memory,
  rangeBatches,
  rangeBetween,
  readContents,
  SteeringFiles,
  stagedBatch,
} from '@tidelock/pre-commit';
import type { Ports } from '../ports.ts';
import { endsOf } from './range-ends.ts';
import type { ScanBatch, ScanFile, ScanPlace } from './scan-batch.ts';

/** What of Git's is looked into. */
export type GitScope =
  | { readonly of: 'staged'; readonly files: readonly string[] }
  | { readonly of: 'range'; readonly range: string }
  | { readonly of: 'history' };

/**
 * Committed and staged bytes, never those of the work tree; paths relative to its top.
 * @throws CommandError exit 2 outside of a repository
 */
export function scanGit(
  scope: GitScope,
  ports: Ports,
  largestFile: (top: string) => Promise<number>,
): ScanPlace {
  const git = createGit(ports.cwd, ports.env);
  const reader = new ObjectReader(git);
  const problems = new Map<string, Error>();
  return {
    root: git.workTree ?? ports.cwd,
    top: git.workTree ?? ports.cwd,
    prefix: '',
    batches: read(batchesOf(scope, git, reader), {
      reader,
      problems,
      limit: () => largestFile(git.workTree ?? ports.cwd),
    }),
    leftOut: () => [],
    problems: () => [...problems.values()],
    close: () => reader.close(),
  };
}

async function* batchesOf(scope: GitScope, git: Git, reader: ObjectReader): AsyncGenerator<Batch> {
  if (scope.of === 'staged') {
    const batch = await stagedBatch(git, reader, []);
    const wanted = scope.files.map((file) => toPath(git, file));
    yield { ...batch, files: batch.files.filter(({ path }) => isWanted(path, wanted)) };
  } else if (scope.of === 'range') {
    const { from, to } = endsOf(scope.range);
    yield* rangeBatches(git, await rangeBetween(git, from, to));
  } else {
    const refs = await listRefs(git, 'refs/');
    const tips = await Promise.all(refs.map(({ oid }) => reader.info(`${oid}^{commit}`)));
    const head = await reader.info('HEAD^{commit}');
    const include = new Set([...tips, head].flatMap((tip) => (tip === null ? [] : [tip.oid])));
    if (include.size === 0) {
      await resolveCommit(git, 'HEAD');
    }
    yield* rangeBatches(git, { include: [...include] });
  }
}

function toPath(git: Git, file: string): string {
  return relative(git.workTree ?? git.cwd, resolve(git.cwd, file))
    .split(sep)
    .join('/');
}

/** Named itself, or below a folder that is named. */
function isWanted(path: GitPath, wanted: readonly string[]): boolean {
  return (
    wanted.length === 0 ||
    wanted.some((name) => name === '' || path === name || path.startsWith(`${name}/`))
  );
}

interface Reading {
  readonly reader: ObjectReader;
  readonly problems: Map<string, Error>;
  readonly limit: () => Promise<number>;
}

async function* read(
  batches: AsyncIterable<Batch>,
  { reader, problems, limit }: Reading,
): AsyncGenerator<ScanBatch> {
  const largest = await limit();
  for await (const batch of batches) {
    const steering = new SteeringFiles(batch, new Memory(reader));
    const contents = await readContents(reader, batch.files, largest);
    const files: ScanFile[] = [];
    for (const { file, source, reason } of contents) {
      const covered = await coveredByConfig(steering, file.path, coveredByCreationRule).catch(
        (error: Error) => {
          problems.set(error.message, error);
          return null;
        },
      );
      const bytes = reason === 'symlink' ? null : (source?.bytes ?? null);
      files.push({ path: file.path, bytes, reason: bytes === null ? reason : null, covered });
    }
    yield { commit: batch.commit, files };
  }
}
