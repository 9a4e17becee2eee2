import { TidelockError } from '@tidelock/core';
import type { Source } from '@tidelock/guard';
import { type Covered, type CoveredBy, coveredByConfig } from './coverage.ts';
import type { ValuedFinding } from './new-findings.ts';
import type { Steering } from './steering.ts';
import { STEERING, type SteeringFiles } from './steering-files.ts';

/**
 * What steers the judging of a batch: as the change leaves it and, where the change touches it, as it
 * was before. A file must be encrypted if either says so, and a finding is silenced if both do, so
 * that no commit loosens the rules that judge it.
 */
export class Judging {
  readonly #views: readonly Steering[];
  readonly #files: SteeringFiles;

  private constructor(views: readonly Steering[], files: SteeringFiles) {
    this.#views = views;
    this.#files = files;
  }

  /** The readers are loaded only where there is something to read. @throws TidelockError */
  static async of(files: SteeringFiles, now: Date): Promise<Judging> {
    const found = await Promise.all(STEERING.map((path) => files.now(path)));
    const isChanged = files.changes(STEERING);
    if (!isChanged && found.every((bytes) => bytes === null)) return new Judging([], files);
    const { readSteering } = await import('./steering.ts');
    const views = [await readSteering(files.now, now)];
    if (isChanged) views.push(...(await readBefore(() => readSteering(files.before, now))));
    return new Judging(views, files);
  }

  /** Bytes beyond which a file is not looked into: of two limits the larger. */
  largestFile(usual: number): number {
    if (this.#views.length === 0) return usual;
    return Math.max(...this.#views.map(({ largestFile }) => largestFile ?? usual));
  }

  /** Of the repository's own rules those before the change, while there were any. */
  get rules() {
    return this.#views.findLast(({ rules }) => rules.length > 0)?.rules ?? [];
  }

  async covers(path: string, coveredBy: CoveredBy): Promise<Covered | null> {
    const byConfig = await coveredByConfig(this.#files, path, coveredBy);
    if (byConfig !== null) return byConfig;
    for (const view of this.#views) {
      const covered = view.covers(path);
      if (covered !== null) return covered;
    }
    return null;
  }

  silences(found: ValuedFinding, source: Source | undefined, commit: string | null): boolean {
    return (
      this.#views.length > 0 && this.#views.every((view) => view.silences(found, source, commit))
    );
  }

  /** Whether the finding is silenced by what this very change brings, and so is not. */
  silencesLater(found: ValuedFinding, source: Source | undefined, commit: string | null): boolean {
    const [now] = this.#views;
    return now?.silences(found, source, commit) === true && !this.silences(found, source, commit);
  }
}

/** What had a mistake silenced nothing. */
async function readBefore(read: () => Promise<Steering>): Promise<Steering[]> {
  try {
    return [await read()];
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    return [{ covers: () => null, silences: () => false, rules: [], largestFile: null }];
  }
}
