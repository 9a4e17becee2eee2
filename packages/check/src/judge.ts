import type { MasterKey } from '@tidelock/core';
import {
  applyComments,
  CONTENT_RULES,
  type CreationPolicy,
  check,
  type DeployVerdict,
  deployRules,
  type Finding,
  isEncrypted,
  judgeSopsCheck,
  judgeTree,
  notEncrypted,
  notExamined,
  policyRules,
  type Report,
  type Rule,
  type SafeText,
  Source,
  type Suppressed,
  say,
  type TreePolicy,
  type Valued,
  type Verdict,
  wholeView,
} from '@tidelock/guard';
import type { TreeFiles } from './read-folder.ts';
import { silence } from './silence.ts';
import type { Steering } from './steering.ts';

export interface Judged {
  readonly files: TreeFiles;
  readonly steering: Steering;
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
  readonly more?: readonly Verdict[];
  /** What is to be said of how the whole tree is deployed. */
  readonly deployment?: readonly DeployVerdict[];
  /** Wrapped keys whose label an identity at hand has proved. */
  readonly proven?: ReadonlySet<MasterKey>;
  /** What public keys at hand tell of labels. */
  readonly labels?: NonNullable<TreePolicy['labels']>;
  /** What comments in the files silence; all of it when not given. */
  readonly suppress?: (found: readonly Valued[]) => Pick<Suppressed, 'kept'>;
}

export interface Judgement {
  readonly report: Report;
  /** What the report holds, with the values: for comparison alone. */
  readonly found: readonly Valued[];
}

/** The policy reports these by ids of its own. */
const REPLACED = new Set(['plaintext/not-encrypted', 'examined/not-examined']);

/** Everything there is to say about files. */
export function judge(options: Judged): Judgement {
  const { files, steering, prefix, now } = options;
  const { sources } = files;
  const covered = coverageOf(options);
  const rules = rulesFor(options, covered);
  const values = new Map<Finding, string | undefined>();
  const all = check(sources, rules, {
    now,
    largestFile: steering.largestFile,
    mustBeEncrypted: covered,
    onValue: (finding, value) => void values.set(finding, value),
  });
  const found = once(all).map((finding) => ({ finding, value: values.get(finding) }));
  const heard = silence(found, { steering, sources, prefix, now });
  const kept = new Set(
    options.suppress?.(heard).kept ??
      applyComments(
        heard.map(({ finding }) => finding),
        sources,
      ).kept,
  );
  const left = heard.filter(({ finding }) => kept.has(finding));
  return {
    report: {
      findings: left.map(({ finding }) => finding),
      files: counts(options),
      suppressed: found.length - left.length,
      rules,
    },
    found: left,
  };
}

function rulesFor(options: Judged, covered: Covered): readonly Rule[] {
  const { files, more = [], deployment = [], policyOnly, steering } = options;
  const policy = treePolicy(options);
  const ofPolicy = policyRules(function* (judged) {
    yield* judgeTree(judged, policy);
    yield* unreadVerdicts(files, covered);
    yield* more;
  });
  const ofContent = CONTENT_RULES.filter(
    ({ id }) => !REPLACED.has(id) && (!policyOnly || id.startsWith('broken/')),
  );
  const ofDeployment = deployRules(() => deployment);
  return [
    ...ofPolicy,
    ...ofContent,
    ...(policyOnly ? [] : [...ofDeployment, ...steering.foreign.rules]),
  ];
}

/** A creation rule and the policy may both want a file encrypted: that is said once, as the worse. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const worst = new Map<string, Finding>();
  const isAbout = ({ ruleId }: Finding) => ruleId === 'policy/not-encrypted';
  for (const finding of findings.filter(isAbout)) {
    const known = worst.get(finding.path);
    if (known === undefined || RANK[finding.severity] > RANK[known.severity])
      worst.set(finding.path, finding);
  }
  return findings.filter((finding) => !isAbout(finding) || worst.get(finding.path) === finding);
}

const RANK = { error: 2, warning: 1, note: 0 } as const;

function treePolicy(options: Judged): TreePolicy {
  const { steering, examined, paths, prefix, proven, labels } = options;
  const { creation, access, sopsCheck } = steering.policies;
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
    ...(proven === undefined ? {} : { proven }),
    ...(labels === undefined ? {} : { labels }),
    ...(access === null ? {} : { covers: (path) => access.rulesFor(path).length > 0 }),
  };
}

type Covered = (path: string) => SafeText | null;

/** What says that a path is encrypted; a rule that matches everything says nothing of any. */
function coverageOf({ steering: { policies }, prefix }: Judged): Covered {
  const { creation, access } = policies;
  return (path) => {
    if (access?.rulesFor(path).some(({ encrypted }) => encrypted) === true) return say`the policy`;
    const governing = creation.ruleFor(prefix + path);
    if (governing === null || creation.isUniversal(governing.rule)) return null;
    return say`creation rule ${governing.rule.index + 1}`;
  };
}

function* unreadVerdicts({ unread }: TreeFiles, covered: Covered): Iterable<Verdict> {
  for (const { path } of unread) {
    const by = covered(path);
    if (by !== null) yield notEncrypted(new Source(path, new Uint8Array()), by);
  }
}

function counts({ files, policyOnly, steering }: Judged): Report['files'] {
  const skipped = files.sources.flatMap((source) => {
    const reason =
      policyOnly && source.mode === null ? null : notExamined(source, steering.largestFile);
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
