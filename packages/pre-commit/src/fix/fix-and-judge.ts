import { ObjectReader } from '@tidelock/git';
import { escapeTerminal } from '@tidelock/guard';
import { stagedBatch } from '../batches.ts';
import type { Batch } from '../changed-file.ts';
import type { Examined } from '../examine.ts';
import { conclude, examineAll, type Judging } from '../judge.ts';
import { fixStaged } from './fix.ts';

const NOT_ENCRYPTED = 'plaintext/not-encrypted';

/** Encrypts what its creation rule wants encrypted, then judges what is staged by then. */
export async function fixAndJudge(
  batches: AsyncIterable<Batch>,
  judging: Judging,
): Promise<number> {
  const { git, reader, options, ports } = judging;
  const seen: Batch[] = [];
  const results = await examineAll(remember(batches, seen), judging);
  const paths = unencryptedPaths(results);
  const files = seen.flatMap((batch) => batch.files).filter(({ path }) => paths.has(path));
  if (files.length === 0) return conclude(results, judging);
  const { maxBytes } = options;
  const { count, lines } = await fixStaged(git, files, { reader, maxBytes, now: ports.now() });
  for (const { path, text } of lines) {
    const subject = path === null ? 'tidelock' : escapeTerminal(path);
    ports.stderr(`${subject}: ${escapeTerminal(text)}\n`);
  }
  return count === 0 ? conclude(results, judging) : judgeAgain(judging);
}

/** Git's reader keeps the index it has seen: the new one needs a new reader. */
async function judgeAgain({ git, options, ports }: Judging): Promise<number> {
  const reader = new ObjectReader(git);
  try {
    const batch = await stagedBatch(git, reader, options.files);
    const again: Judging = { git, reader, options, ports };
    return conclude(await examineAll(batch.files.length === 0 ? [] : [batch], again), again);
  } finally {
    reader.close();
  }
}

function unencryptedPaths(results: readonly Examined[]): Set<string> {
  const findings = results.flatMap((result) => result.findings);
  return new Set(findings.filter(({ ruleId }) => ruleId === NOT_ENCRYPTED).map(({ path }) => path));
}

async function* remember<T>(items: AsyncIterable<T>, seen: T[]): AsyncGenerator<T> {
  for await (const item of items) {
    seen.push(item);
    yield item;
  }
}
