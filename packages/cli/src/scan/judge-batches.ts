import {
  applyComments,
  type Baseline,
  CONTENT_RULES,
  check,
  compareFindings,
  type FileRule,
  type Finding,
  type Foreign,
  isBaselined,
  isEncrypted,
  isSilenced,
  type NotExamined,
  type NotExaminedReason,
  notExamined,
  ownWords,
  type Report,
  type Rule,
  Source,
  say,
  type Valued,
} from '@tidelock/guard';
import { allowedByPolicy, type ScanPolicy } from './policy-file.ts';
import type { ScanBatch, ScanFile } from './scan-batch.ts';

export interface JudgeOptions {
  readonly now: Date;
  readonly baseline: Baseline | null;
  readonly foreign: Foreign;
  readonly policy: ScanPolicy;
}

/** Adds up what all batches of a scan have to say. */
export class Judge {
  readonly #options: JudgeOptions;
  readonly #found: Valued[] = [];
  /** What an earlier commit brought is not said again of a later one. */
  readonly #seen = new Set<string>();
  readonly #skipped: NotExamined[] = [];
  #examined = 0;
  #encrypted = 0;
  #suppressed = 0;

  constructor(options: JudgeOptions) {
    this.#options = options;
    for (const finding of options.foreign.findings) this.#found.push({ finding, value: undefined });
  }

  get fileCount(): number {
    return this.#examined + this.#skipped.length;
  }

  add({ commit, files }: ScanBatch): void {
    const sources: Source[] = [];
    const reasons = new Map<string, NotExaminedReason>();
    for (const file of files) {
      const source = new Source(file.path, file.bytes ?? new Uint8Array());
      const reason = file.reason ?? notExamined(source, this.#options.policy.largestFile);
      if (reason !== null) this.#skipped.push(inCommit({ path: file.path, reason }, commit));
      else this.#examined++;
      if (file.reason !== null) reasons.set(file.path, file.reason);
      if (isEncrypted(source)) this.#encrypted++;
      sources.push(source);
    }
    this.#check(sources, {
      commit,
      files,
      rules: [...CONTENT_RULES, notRead(reasons), ...this.#options.foreign.rules],
    });
  }

  /** Everything found, with its value, the baseline not yet applied: for a new baseline. */
  get found(): readonly Valued[] {
    return this.#found;
  }

  report(): Report {
    const { baseline } = this.#options;
    const kept =
      baseline === null ? this.#found : this.#found.filter((one) => !isBaselined(baseline, one));
    return {
      findings: kept.map(({ finding }) => finding).sort(compareFindings),
      files: { examined: this.#examined, encrypted: this.#encrypted, notExamined: this.#skipped },
      suppressed: this.#suppressed + this.#found.length - kept.length,
      rules: [...CONTENT_RULES, ...this.#options.foreign.rules],
    };
  }

  #check(
    sources: readonly Source[],
    { commit, files, rules }: Pick<ScanBatch, 'commit' | 'files'> & { rules: readonly Rule[] },
  ): void {
    const valued: Valued[] = [];
    const findings = check(sources, rules, {
      now: this.#options.now,
      largestFile: this.#options.policy.largestFile,
      mustBeEncrypted: coverageOf(files, sources, this.#options.policy),
      onValue: (finding, value) => valued.push({ finding, value }),
    });
    const kept = new Set(applyComments(findings, sources).kept);
    this.#suppressed += findings.length - kept.size;
    const { foreign, policy } = this.#options;
    const allowed = allowedByPolicy(policy, findings);
    const byPath = new Map(sources.map((source) => [source.path, source]));
    for (const { finding, value } of valued) {
      const source = byPath.get(finding.path);
      if (!kept.has(finding) || source === undefined) continue;
      if (allowed.has(finding) || isSilenced(foreign.files, { finding, value, source, commit })) {
        this.#suppressed++;
        continue;
      }
      const key = `${finding.fingerprint} ${value ?? ''}`;
      if (this.#seen.has(key)) continue;
      this.#seen.add(key);
      this.#found.push({ finding: inCommit(finding, commit), value });
    }
  }
}

/** A creation rule that would encrypt nothing in the file does not ask for it. */
function coverageOf(
  files: readonly ScanFile[],
  sources: readonly Source[],
  { access }: ScanPolicy,
) {
  const covered = new Map(files.map((file) => [file.path, file.covered]));
  const texts = new Map(sources.map((source) => [source.path, source.text]));
  return (path: string) => {
    if (access?.rulesFor(path).some(({ encrypted }) => encrypted) === true) return say`the policy`;
    const by = covered.get(path) ?? null;
    const text = texts.get(path) ?? null;
    return by === null || (text !== null && text !== '' && !by.selects(text)) ? null : by.reason;
  };
}

function inCommit<T extends Finding | NotExamined>(one: T, commit: string | null): T {
  return commit === null ? one : { ...one, commit };
}

/** The rule about files that were not looked into, for those that were not even read. */
function notRead(reasons: ReadonlyMap<string, NotExaminedReason>): FileRule {
  const { id, severity, title, docs } = NOT_EXAMINED;
  return {
    id,
    severity,
    title,
    docs,
    *check(source, context) {
      const reason = reasons.get(source.path);
      const covered = reason === undefined ? null : context.mustBeEncrypted(source.path);
      if (reason === undefined || covered === null) return;
      yield {
        span: null,
        kind: reason,
        message: say`not examined (${ownWords(reason)}), though ${covered} says that it is encrypted`,
        hint: say`Encrypt it: tidelock encrypt -i FILE; or take it out of that rule.`,
      };
    },
  };
}

const NOT_EXAMINED = ruleCalled('examined/not-examined');

function ruleCalled(id: string): Rule {
  const rule = CONTENT_RULES.find((one) => one.id === id);
  if (rule === undefined) throw new RangeError(`no rule is called ${id}`);
  return rule;
}
