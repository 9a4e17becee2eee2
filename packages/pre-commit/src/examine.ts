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
import type { TreePolicy } from './tree-policy.ts';

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
  /** Findings that a comment in their file or an entry of the policy allows. */
  readonly silenced: number;
}

const LARGEST_POLICY = 1024 * 1024;

/** What the tree of a batch says about its files. */
interface Judging {
  readonly covered: ReadonlyMap<string, Covered>;
  readonly policy: TreePolicy | null;
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
    const policy = this.#policy(treeName(batch));
    const covered = await this.#coveredPaths(batch, policy);
    const judging: Judging = { covered, policy: await policy };
    const contents = await readContents(this.#reader, batch.files, this.#maxBytes(judging));
    const sources = contents.flatMap(({ source }) => (source === null ? [] : [source]));
    const { found, silenced } = this.#check(sources, judging);
    const findings = this.#options.all ? found : await this.#withoutKnown(found, batch, judging);
    return {
      commit: batch.commit,
      findings: findings.map(({ finding }) => finding),
      notExamined: notExamined(contents, covered),
      count: contents.filter(({ reason }) => reason === null).length,
      silenced,
    };
  }

  /** Read, and its reader loaded, only where there is one. */
  async #policy(tree: string): Promise<TreePolicy | null> {
    const blob = await this.#reader.readBlob(`${tree}.tidelock.yaml`, { maxBytes: LARGEST_POLICY });
    if (blob.kind === 'too-large') throw new Error('.tidelock.yaml is larger than 1 MiB');
    if (blob.kind !== 'blob') return null;
    const { readTreePolicy } = await import('./tree-policy.ts');
    return readTreePolicy(blob.bytes, '.tidelock.yaml', this.#options.now);
  }

  #maxBytes({ policy }: Judging): number {
    return policy?.largestFile ?? this.#options.maxBytes;
  }

  async #coveredPaths(
    batch: Batch,
    policy: Promise<TreePolicy | null>,
  ): Promise<Map<string, Covered>> {
    policy.catch(() => undefined);
    const covered = new Map<string, Covered>();
    const tree = treeName(batch);
    await Promise.all(
      batch.files.map(async ({ path }) => {
        const by = (await this.#coverage.of(tree, path)) ?? (await policy)?.covers(path) ?? null;
        if (by !== null) covered.set(path, by);
      }),
    );
    return covered;
  }

  #check(sources: readonly Source[], { covered, policy }: Judging): Checked {
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
    const uncommented = applyComments(findings, sources).kept;
    const kept = new Set(policy === null ? uncommented : policy.withoutAllowed(uncommented));
    return {
      found: found.filter(({ finding }) => kept.has(finding)),
      silenced: findings.length - kept.size,
    };
  }

  /** Earlier versions are read only of files that have findings. */
  async #withoutKnown(
    current: readonly ValuedFinding[],
    batch: Batch,
    judging: Judging,
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
      remaining.push(...newFindings(findings, await this.#before(file, judging)));
    }
    return remaining;
  }

  /** Findings of the first parent's version, and of each further one what it has more. */
  async #before(file: ChangedFile, judging: Judging): Promise<ValuedFinding[]> {
    let known: ValuedFinding[] = [];
    for (const { mode, oid } of file.before) {
      const version = { ...file, mode, oid };
      const [content] = await readContents(this.#reader, [version], this.#maxBytes(judging));
      if (content?.source == null) continue;
      known = [...known, ...newFindings(this.#check([content.source], judging).found, known)];
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
