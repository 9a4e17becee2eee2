import {
  applyAllowEntries,
  applyComments,
  CONTENT_RULES,
  type CreationPolicy,
  check,
  type Finding,
  isEncrypted,
  judgeSopsCheck,
  judgeTree,
  notExamined,
  policyRules,
  type Report,
  type Rule,
  type SafeText,
  Source,
  type Suppressed,
  say,
  type TreePolicy,
  type Verdict,
  wholeView,
} from '@tidelock/guard';
import type { Policies } from './policy-files.ts';
import type { TreeFiles } from './read-folder.ts';

export interface Judged {
  readonly files: TreeFiles;
  readonly policies: Policies;
  /** Whose own mistakes are reported; those that judge when not given. */
  readonly examined?: CreationPolicy;
  /** Every path of the tree within the repository, where the files are not all of it. */
  readonly paths?: readonly string[];
  /** Folder of the files within the repository, `''` or with a final `/`. */
  readonly prefix: string;
  readonly now: Date;
  /** Without looking for plaintext. */
  readonly policyOnly: boolean;
  /** Verdicts that were made elsewhere. */
  readonly more: readonly Verdict[];
  /** What comments in the files silence; all of it when not given. */
  readonly suppress?: (findings: readonly Finding[]) => Suppressed;
}

/** The policy reports these by ids of its own. */
const REPLACED = new Set(['plaintext/not-encrypted']);

/** Everything there is to say about a tree. */
export function judge(options: Judged): Report {
  const { files, more, now } = options;
  const { sources } = files;
  const covered = coverageOf(options);
  const policy = treePolicy(options);
  const rules: readonly Rule[] = [
    ...policyRules(function* (judged) {
      yield* judgeTree(judged, policy);
      yield* unreadVerdicts(files, covered);
      yield* more;
    }),
    ...(options.policyOnly ? [] : CONTENT_RULES.filter(({ id }) => !REPLACED.has(id))),
  ];
  const all = check(sources, rules, { now, mustBeEncrypted: covered });
  const allow = options.policies.access?.policy.allow ?? [];
  const { kept: asked } = applyAllowEntries(all, allow, now);
  const { kept } = options.suppress?.(asked) ?? applyComments(asked, sources);
  const suppressed = Math.max(0, all.length - kept.length);
  return { findings: kept, files: counts(options), suppressed, rules };
}

function treePolicy({ policies, examined, paths, prefix }: Judged): TreePolicy {
  const { creation, access, sopsCheck } = policies;
  return {
    creation,
    prefix,
    *more(source, metadata) {
      if (access !== null) yield* access.judge(source, metadata);
      if (sopsCheck === null || metadata === null) return;
      yield* judgeSopsCheck(source, metadata, { policy: sopsCheck, path: prefix + source.path });
    },
    ...(examined === undefined ? {} : { examined }),
    ...(paths === undefined ? {} : { paths }),
    ...(access === null
      ? {}
      : {
          covers: (path) => access.rulesFor(path).length > 0,
        }),
  };
}

/** What says that a path is encrypted; a rule that matches everything says nothing of any. */
function coverageOf({ policies: { creation, access }, prefix }: Judged) {
  return (path: string): SafeText | null => {
    if (access?.rulesFor(path).some(({ encrypted }) => encrypted) === true) return say`the policy`;
    const governing = creation.ruleFor(prefix + path);
    if (governing === null || creation.isUniversal(governing.rule)) return null;
    return say`creation rule ${governing.rule.index + 1}`;
  };
}

function* unreadVerdicts(
  { unread }: TreeFiles,
  covered: (path: string) => SafeText | null,
): Iterable<Verdict> {
  for (const { path } of unread) {
    const by = covered(path);
    if (by === null) continue;
    yield {
      ruleId: 'policy/not-encrypted',
      source: new Source(path, new Uint8Array()),
      span: null,
      message: say`could not be looked into, though ${by} says that it is encrypted`,
      hint: say`Encrypt it: tidelock encrypt -i FILE; or take it out of that rule`,
    };
  }
}

function counts({ files, policyOnly }: Judged): Report['files'] {
  const skipped = files.sources.flatMap((source) => {
    const reason = policyOnly && source.mode === null ? null : notExamined(source);
    return reason === null ? [] : [{ path: source.path, reason }];
  });
  const encrypted = (source: Source) =>
    wholeView(source) !== null || (!policyOnly && isEncrypted(source));
  return {
    examined: files.sources.length - skipped.length,
    encrypted: files.sources.filter(encrypted).length,
    notExamined: [...skipped, ...files.unread],
  };
}
