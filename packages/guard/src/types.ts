import type { SafeText } from './mask.ts';
import type { Source } from './source.ts';

/** `error` blocks; `warning` and `note` are shown. */
export type Severity = 'error' | 'warning' | 'note';

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** 1-based lines and columns, columns in UTF-16 units, the end exclusive. */
export interface Range {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Half-open range of UTF-16 offsets into `Source.text`. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** What a person or a program is told. Holds no character of any value: see mask.ts. */
export interface Finding {
  readonly ruleId: string;
  readonly severity: Severity;
  /** With `/`; bytes that are not UTF-8 as `\xHH`. */
  readonly path: string;
  /** null: the whole file. */
  readonly range: Range | null;
  readonly message: string;
  readonly hint: string;
  readonly docsUrl: string;
  /** Stays the same when lines move; made without the value (see fingerprint.ts). */
  readonly fingerprint: string;
  /** Where the value stands in the tree, as `["data"]["password"]`, where there is a tree. */
  readonly treePath?: string;
  /** What it is, within the rule: the kind of token, of key, of file. */
  readonly kind?: string;
  /** The line of the finding with everything but its key replaced. */
  readonly frame?: string;
}

/** What a rule reports; `check` makes a Finding of it. */
export interface Problem {
  /** null: the whole file. */
  readonly span: TextSpan | null;
  readonly message: SafeText;
  readonly hint: SafeText;
  /** Instead of the rule's own. */
  readonly severity?: Severity;
  readonly treePath?: TreePath;
  readonly kind?: string;
  /** The value itself, for `CheckOptions.tagValue` alone: it never enters a finding. */
  readonly value?: string;
}

export type TreePath = readonly (string | number)[];

/** What rules may ask about the world. The edges fill it in; guard reads no clock and no file. */
export interface RuleContext {
  /** Bytes beyond which a file is not looked into. */
  readonly largestFile: number;
  /** null: unknown, so that nothing counts as expired. */
  readonly now: Date | null;
  /**
   * What says that this path is encrypted (a creation rule, a policy rule), in words for a message;
   * null when nothing does.
   */
  mustBeEncrypted(path: string): SafeText | null;
}

interface RuleBase {
  /** `plaintext/…`, `broken/…`, `policy/…`, `config/…`, `deploy/…` or `examined/…`. Never renamed. */
  readonly id: string;
  readonly severity: Severity;
  /** One line, for lists of rules. */
  readonly title: string;
  readonly docs: RuleDocs;
  /** Says nothing where another rule about plaintext reports the same place. */
  readonly yields?: boolean;
}

export interface RuleDocs {
  /** Why this matters: what is lost when it is let through. */
  readonly why: string;
  /** What to do. */
  readonly fix: string;
  /** What it reports, as it stands in a file. */
  readonly example?: string;
}

/** Judges one file by itself. */
export interface FileRule extends RuleBase {
  check(source: Source, context: RuleContext): Iterable<Problem>;
}

/** Judges files by one another. Called once, with all of them in order of path. */
export interface SetRule extends RuleBase {
  checkAll(sources: readonly Source[], context: RuleContext): Iterable<ProblemIn>;
}

export interface ProblemIn extends Problem {
  readonly source: Source;
}

export type Rule = FileRule | SetRule;

/** Findings in, text out; no I/O. */
export interface Reporter {
  readonly format: string;
  report(report: Report): string;
}

/** Why a file could not be looked into. */
export type NotExaminedReason =
  | 'too-large'
  | 'binary'
  | 'undecodable'
  | 'template'
  | 'lfs-pointer'
  | 'submodule'
  | 'symlink'
  | 'unreadable';

export interface NotExamined {
  readonly path: string;
  readonly reason: NotExaminedReason;
}

/** Everything a scan has to say. */
export interface Report {
  readonly findings: readonly Finding[];
  readonly files: {
    readonly examined: number;
    readonly encrypted: number;
    readonly notExamined: readonly NotExamined[];
  };
  /** How many findings comments, allow entries and the baseline took away. */
  readonly suppressed: number;
  /** The rules that ran, for reporters that describe them. */
  readonly rules: readonly Pick<RuleBase, 'id' | 'severity' | 'title' | 'docs'>[];
}
