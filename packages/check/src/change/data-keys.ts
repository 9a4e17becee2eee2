import {
  type CreationPolicy,
  metadataOf,
  notEncrypted,
  RemovedRecipients,
  type Source,
  say,
  tokenIvs,
  type Verdict,
} from '@tidelock/guard';
import type { Verifier } from '../verifier.ts';

/** Encrypted files of a change, each beside what it was before: under another name, too. */
export class EncryptedFiles {
  readonly #now: ReadonlyMap<string, RemovedRecipients>;
  readonly #before: ReadonlyMap<string, Source>;
  readonly #sources: readonly Source[];
  readonly #prove: Verifier['compare'] | undefined;

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

  /** Paths of files that a rule covered under their old name. */
  moved(creation: CreationPolicy): ReadonlySet<string> {
    const paths = this.#sources.map(({ path }) => path);
    return new Set(
      paths.filter((path) => {
        const old = this.#before.get(path)?.path ?? path;
        return old !== path && creation.ruleFor(old) !== null;
      }),
    );
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

/** Files that were encrypted on the base, as its rules asked, and are plain now. */
export function* decrypted(
  sources: readonly Source[],
  earlier: ReadonlyMap<string, Source>,
  creation: CreationPolicy,
): Iterable<Verdict> {
  for (const source of sources) {
    const old = earlier.get(source.path);
    if (old === undefined || metadataOf(old) === null || creation.ruleFor(source.path) === null)
      continue;
    const isPlain = !(source.text ?? '').includes('sops');
    if (isPlain) yield notEncrypted(source, say`the base's version, which is encrypted,`);
  }
}
