import { type GitPath, type ObjectReader, SYMLINK } from '@tidelock/git';
import {
  applyComments,
  check,
  type Finding,
  type NotExamined,
  type Rule,
  type SafeText,
  type Source,
} from '@tidelock/guard';
import type { Batch, ChangedFile } from './changed-file.ts';
import type { Covered, CoveredBy } from './coverage.ts';
import { Judging } from './judging.ts';
import { type Mending, mendingOf } from './mending.ts';
import { blocksAlways, newFindings, type ValuedFinding } from './new-findings.ts';
import { type FileContent, readContents } from './sources.ts';
import { Memory, SteeringFiles } from './steering-files.ts';

export interface ExamineOptions {
  readonly rules: readonly Rule[];
  readonly coveredBy: CoveredBy;
  /** Also what earlier versions already had. */
  readonly all: boolean;
  readonly maxBytes: number;
  readonly now: Date;
  /** The folder that commands are given in. */
  readonly folder: GitPath;
}

export interface Examined {
  readonly commit: string | null;
  readonly findings: readonly Finding[];
  readonly notExamined: readonly (NotExamined & { readonly coveredBy: SafeText | null })[];
  readonly count: number;
  /** How each file with plaintext is encrypted. */
  readonly mending: ReadonlyMap<string, Mending>;
  /** Findings that a comment in their file, the policy, a baseline or another scanner's file allows. */
  readonly silenced: number;
  /** Findings that what this very change brings would allow. */
  readonly silencedLater: number;
}

/** What a batch is judged by. */
interface Rules {
  readonly covered: ReadonlyMap<string, Covered>;
  readonly judging: Judging;
  readonly commit: string | null;
  readonly maxBytes: Promise<number>;
}

interface Checked {
  readonly found: readonly ValuedFinding[];
  readonly silenced: number;
  readonly silencedLater: number;
}

/** Judges the files of a batch by their committed bytes. */
export class Examiner {
  readonly #reader: ObjectReader;
  readonly #options: ExamineOptions;

  constructor(reader: ObjectReader, options: ExamineOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  /** @param memory what may have been read already */
  async examine(batch: Batch, memory = new Memory(this.#reader)): Promise<Examined> {
    const files = new SteeringFiles(batch, memory);
    const steering = Judging.of(files, this.#options.now);
    // Asked of Git together with what steers: one answer's wait for both.
    const maxBytes = steering.then((judging) => judging.largestFile(this.#options.maxBytes));
    maxBytes.catch(() => undefined);
    const reading = readContents(this.#reader, batch.files, maxBytes);
    reading.catch(() => undefined);
    const judging = await steering;
    const covered = await this.#coveredPaths(batch, judging);
    const rules: Rules = { covered, judging, commit: batch.commit, maxBytes };
    const contents = await reading;
    const sources = contents.flatMap(({ source }) => (source === null ? [] : [source]));
    const { found, silenced, silencedLater } = this.#check(sources, rules);
    const findings = this.#options.all ? found : await this.#withoutKnown(found, batch, rules);
    return {
      commit: batch.commit,
      findings: findings.map(({ finding }) => finding),
      notExamined: notExamined(contents, covered),
      count: contents.filter(({ reason }) => reason === null).length,
      mending: await this.#mending(findings, files),
      silenced,
      silencedLater,
    };
  }

  async #mending(
    found: readonly ValuedFinding[],
    { now }: SteeringFiles,
  ): Promise<Map<string, Mending>> {
    const mending = new Map<string, Mending>();
    for (const { finding } of found) {
      const { path, ruleId } = finding;
      if (!ruleId.startsWith('plaintext/') || mending.has(path)) continue;
      mending.set(path, await mendingOf(path, this.#options.folder, now));
    }
    return mending;
  }

  async #coveredPaths(batch: Batch, judging: Judging): Promise<Map<string, Covered>> {
    const covered = new Map<string, Covered>();
    await Promise.all(
      batch.files.map(async ({ path }) => {
        const by = await judging.covers(path, this.#options.coveredBy);
        if (by !== null) covered.set(path, by);
      }),
    );
    return covered;
  }

  #check(sources: readonly Source[], { covered, judging, commit }: Rules): Checked {
    const found: ValuedFinding[] = [];
    const { rules, now } = this.#options;
    const byPath = new Map(sources.map((source) => [source.path, source]));
    const findings = check(sources, [...rules, ...judging.rules], {
      now,
      mustBeEncrypted: (path) => {
        const by = covered.get(path);
        const text = byPath.get(path)?.text ?? null;
        return by === undefined || (text !== null && !by.selects(text)) ? null : by.reason;
      },
      onValue: (finding, value) => found.push({ finding, value }),
    });
    const uncommented = new Set(applyComments(findings, sources).kept);
    const kept = found.filter((one) => {
      const source = byPath.get(one.finding.path);
      return uncommented.has(one.finding) && !judging.silences(one, source, commit);
    });
    const later = kept.filter((one) =>
      judging.silencesLater(one, byPath.get(one.finding.path), commit),
    );
    return {
      found: kept,
      silenced: findings.length - kept.length,
      silencedLater: later.length,
    };
  }

  /** Earlier versions are read only of files that have findings. */
  async #withoutKnown(
    current: readonly ValuedFinding[],
    batch: Batch,
    rules: Rules,
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
      const found = hasSameContent(file)
        ? findings.filter(blocksAlways)
        : newFindings(findings, await this.#before(file, rules));
      remaining.push(...found);
    }
    return remaining;
  }

  /** Findings of the first parent's version, and of each further one what it has more. */
  async #before(file: ChangedFile, rules: Rules): Promise<ValuedFinding[]> {
    let known: ValuedFinding[] = [];
    for (const { mode, oid } of file.before) {
      const version = { ...file, mode, oid };
      const [content] = await readContents(this.#reader, [version], rules.maxBytes);
      if (content?.source == null) continue;
      known = [...known, ...newFindings(this.#check([content.source], rules).found, known)];
    }
    return known;
  }
}

/** Another mode alone. What a link leads to is not what a file holds. */
function hasSameContent({ oid, before }: ChangedFile): boolean {
  return before.some((earlier) => earlier.oid === oid && earlier.mode !== SYMLINK);
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
