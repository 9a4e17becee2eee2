import type { ObjectReader } from '@tidelock/git';
import {
  applyComments,
  check,
  type Finding,
  type NotExamined,
  type Rule,
  type SafeText,
  type Source,
} from '@tidelock/guard';
import { type Batch, type ChangedFile, treeName } from './changed-file.ts';
import { Coverage, type Covered, type CoveredBy } from './coverage.ts';
import { newFindings, type ValuedFinding } from './new-findings.ts';
import { type FileContent, readContents } from './sources.ts';

export interface ExamineOptions {
  readonly rules: readonly Rule[];
  readonly coveredBy: CoveredBy;
  /** Also what earlier versions already had. */
  readonly all: boolean;
  readonly maxBytes: number;
  readonly now: Date;
}

export interface Examined {
  readonly commit: string | null;
  readonly findings: readonly Finding[];
  readonly notExamined: readonly (NotExamined & { readonly coveredBy: SafeText | null })[];
  readonly count: number;
  /** Findings that a comment in their file silences. */
  readonly silenced: number;
}

interface Checked {
  readonly found: readonly ValuedFinding[];
  readonly silenced: number;
}

/** Judges the files of a batch by their committed bytes. */
export class Examiner {
  readonly #reader: ObjectReader;
  readonly #options: ExamineOptions;
  readonly #coverage: Coverage;

  constructor(reader: ObjectReader, options: ExamineOptions) {
    this.#reader = reader;
    this.#options = options;
    this.#coverage = new Coverage(reader, options.coveredBy);
  }

  async examine(batch: Batch): Promise<Examined> {
    const covered = await this.#coveredPaths(batch);
    const contents = await readContents(this.#reader, batch.files, this.#options.maxBytes);
    const sources = contents.flatMap(({ source }) => (source === null ? [] : [source]));
    const { found, silenced } = this.#check(sources, covered);
    const findings = this.#options.all ? found : await this.#withoutKnown(found, batch, covered);
    return {
      commit: batch.commit,
      findings: findings.map(({ finding }) => finding),
      notExamined: notExamined(contents, covered),
      count: contents.filter(({ reason }) => reason === null).length,
      silenced,
    };
  }

  async #coveredPaths(batch: Batch): Promise<Map<string, Covered>> {
    const covered = new Map<string, Covered>();
    const tree = treeName(batch);
    await Promise.all(
      batch.files.map(async ({ path }) => {
        const by = await this.#coverage.of(tree, path);
        if (by !== null) covered.set(path, by);
      }),
    );
    return covered;
  }

  #check(sources: readonly Source[], covered: ReadonlyMap<string, Covered>): Checked {
    const found: ValuedFinding[] = [];
    const { rules, now } = this.#options;
    const texts = new Map(sources.map((source) => [source.path, source.text]));
    const findings = check(sources, rules, {
      now,
      mustBeEncrypted: (path) => {
        const by = covered.get(path);
        const text = texts.get(path) ?? null;
        return by === undefined || (text !== null && !by.selects(text)) ? null : by.reason;
      },
      onValue: (finding, value) => found.push({ finding, value }),
    });
    const kept = new Set(applyComments(findings, sources).kept);
    return {
      found: found.filter(({ finding }) => kept.has(finding)),
      silenced: findings.length - kept.size,
    };
  }

  /** Earlier versions are read only of files that have findings. */
  async #withoutKnown(
    current: readonly ValuedFinding[],
    batch: Batch,
    covered: ReadonlyMap<string, Covered>,
  ): Promise<ValuedFinding[]> {
    const byPath = new Map<string, ValuedFinding[]>();
    for (const one of current) {
      const list = byPath.get(one.finding.path);
      if (list === undefined) byPath.set(one.finding.path, [one]);
      else list.push(one);
    }
    const remaining: ValuedFinding[] = [];
    for (const file of batch.files) {
      const findings = byPath.get(file.path);
      if (findings === undefined) continue;
      remaining.push(...newFindings(findings, await this.#before(file, covered)));
    }
    return remaining;
  }

  /** Findings of the first parent's version, and of each further one what it has more. */
  async #before(
    file: ChangedFile,
    covered: ReadonlyMap<string, Covered>,
  ): Promise<ValuedFinding[]> {
    let known: ValuedFinding[] = [];
    for (const { mode, oid } of file.before) {
      const version = { ...file, mode, oid };
      const [content] = await readContents(this.#reader, [version], this.#options.maxBytes);
      if (content?.source == null) continue;
      known = [...known, ...newFindings(this.#check([content.source], covered).found, known)];
    }
    return known;
  }
}

function notExamined(
  contents: readonly FileContent[],
  covered: ReadonlyMap<string, Covered>,
): Examined['notExamined'] {
  return contents.flatMap(({ file, reason }) =>
    reason === null
      ? []
      : [{ path: file.path, reason, coveredBy: covered.get(file.path)?.reason ?? null }],
  );
}
