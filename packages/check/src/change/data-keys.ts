import {
  type CreationPolicy,
  demandsText,
  isSopsFile,
  judgeFile,
  metadataOf,
  notEncrypted,
  RemovedRecipients,
  type Source,
  say,
  tokenIvs,
  type Verdict,
} from '@tidelock/guard';
import type { Verifier } from '../verifier.ts';

/** Both sides' creation rules. */
export interface BothRules {
  readonly judging: CreationPolicy;
  readonly after: CreationPolicy;
}

/** Encrypted files of a change, each beside what it was before: under another name, too. */
export class EncryptedFiles {
  readonly #now: ReadonlyMap<string, RemovedRecipients>;
  readonly #before: ReadonlyMap<string, Source>;
  readonly #sources: readonly Source[];
  readonly #prove: Verifier['compare'] | undefined;

  /**
   * @param sources as the head has them: changed files, and those that only commits between changed
   * @param earlier the base's versions
   */
  constructor(
    sources: readonly Source[],
    earlier: readonly Source[],
    prove: Verifier['compare'] | undefined,
  ) {
    this.#sources = sources.filter((source) => metadataOf(source) !== null);
    this.#now = new Map(this.#sources.map((one) => [one.path, new RemovedRecipients(one)]));
    this.#before = before(this.#sources, earlier);
    this.#prove = prove;
  }

  /** Compares with the base; versions between are shown by `see`. */
  async compareWithBase(): Promise<void> {
    for (const [path, source] of this.#before) await this.#compare(path, source);
  }

  async see(version: Source): Promise<void> {
    await this.#compare(version.path, version);
  }

  *verdicts(): Iterable<Verdict> {
    for (const removed of this.#now.values()) yield* removed.verdicts();
  }

  /** Paths of files that a rule covered under their old name and that did not take it along. */
  moved(rules: BothRules): ReadonlySet<string> {
    const left = this.#sources.filter((source) => this.#leavesItsRule(source, rules));
    return new Set(left.map(({ path }) => path));
  }

  /** A rule that comes along asks for the same, and the file still meets what it had to. */
  #leavesItsRule(source: Source, { judging, after }: BothRules): boolean {
    const old = this.#before.get(source.path)?.path ?? source.path;
    const before = old === source.path ? null : judging.ruleFor(old);
    const metadata = metadataOf(source);
    if (before === null || metadata === null) return false;
    const next = after.ruleFor(source.path);
    if (next === null || demandsText(next) !== demandsText(before)) return true;
    return [...judgeFile(source, metadata, before)].length > 0;
  }

  async #compare(path: string, version: Source): Promise<void> {
    await this.#now.get(path)?.compareWith(version, this.#prove);
  }
}

/** The base's version by path; of a new path, the file of the base that shares an iv with it. */
function before(sources: readonly Source[], earlier: readonly Source[]): Map<string, Source> {
  const byPath = new Map(earlier.map((source) => [source.path, source]));
  const found = new Map<string, Source>();
  const fresh = sources.filter(({ path }) => {
    const same = byPath.get(path);
    if (same !== undefined) found.set(path, same);
    return same === undefined;
  });
  if (fresh.length === 0) return found;
  const byIv = new Map<string, Source>();
  for (const source of earlier) {
    if (metadataOf(source) === null) continue;
    for (const iv of tokenIvs(source)) byIv.set(iv, source);
  }
  for (const source of fresh) {
    const old = tokenIvs(source)
      .map((iv) => byIv.get(iv))
      .find((one) => one !== undefined);
    if (old !== undefined) found.set(source.path, old);
  }
  return found;
}

/** What was encrypted on the base, as its rules asked, and is plain or a link to elsewhere now. */
export function* decrypted(
  sources: readonly Source[],
  earlier: ReadonlyMap<string, Source>,
  creation: CreationPolicy,
): Iterable<Verdict> {
  const encrypted = [...earlier.values()].filter(
    (old) => creation.ruleFor(old.path) !== null && metadataOf(old) !== null,
  );
  const paths = new Set(encrypted.map(({ path }) => path));
  const folders = new Set(encrypted.flatMap(({ path }) => foldersOf(path)));
  for (const source of sources) {
    const isLink = source.mode === '120000' || source.mode === '160000';
    const isPlain = paths.has(source.path) && metadataOf(source) === null && !isSopsFile(source);
    if (isPlain || (isLink && folders.has(source.path)))
      yield notEncrypted(source, say`the base's version, which is encrypted,`);
  }
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
