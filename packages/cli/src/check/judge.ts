import {
  applyComments,
  CONTENT_RULES,
  CreationPolicy,
  check,
  isEncrypted,
  judgeTree,
  notExamined,
  policyRules,
  type Report,
  type Rule,
  say,
  type TreePolicy,
  type Verdict,
  wholeView,
} from '@tidelock/guard';
import type { PolicyFile } from './policy-files.ts';
import type { TreeFiles } from './work-tree.ts';

export interface Judged {
  readonly files: TreeFiles;
  readonly creationFiles: readonly PolicyFile[];
  /** Folder of the files within the repository, `''` or with a final `/`. */
  readonly prefix: string;
  readonly now: Date;
  /** Without looking for plaintext. */
  readonly policyOnly: boolean;
  /** Verdicts that were made elsewhere. */
  readonly more: readonly Verdict[];
}

/** The policy reports these by ids of its own. */
const REPLACED = new Set(['plaintext/not-encrypted']);

/** Everything there is to say about a tree. */
export function judge(options: Judged): Report {
  const { files, prefix, more } = options;
  const { sources } = files;
  const creation = new CreationPolicy(options.creationFiles);
  const policy: TreePolicy = { creation, prefix };
  const rules: readonly Rule[] = [
    ...policyRules(function* (judged) {
      yield* judgeTree(judged, policy);
      yield* more;
    }),
    ...(options.policyOnly ? [] : CONTENT_RULES.filter(({ id }) => !REPLACED.has(id))),
  ];
  const mustBeEncrypted = (path: string) => {
    const governing = creation.ruleFor(prefix + path);
    if (governing === null || creation.isUniversal(governing.rule)) return null;
    return say`creation rule ${governing.rule.index + 1}`;
  };
  const all = check(sources, rules, { now: options.now, mustBeEncrypted });
  const { kept, suppressed } = applyComments(all, sources);
  return { findings: kept, files: counts(options), suppressed: suppressed.length, rules };
}

function counts({ files, policyOnly }: Judged): Report['files'] {
  const skipped = files.sources.flatMap((source) => {
    const reason = policyOnly && !source.mode ? null : notExamined(source);
    return reason === null ? [] : [{ path: source.path, reason }];
  });
  return {
    examined: files.sources.length - skipped.length,
    encrypted: files.sources.filter(
      (source) => wholeView(source) !== null || (!policyOnly && isEncrypted(source)),
    ).length,
    notExamined: [...skipped, ...files.unread],
  };
}
