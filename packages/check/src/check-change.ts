import { TidelockError } from '@tidelock/core';
import { ObjectReader, openRepository } from '@tidelock/git';
import {
  applyComments,
  changed,
  type Finding,
  goneSource,
  judgeAccessChange,
  judgeCreationChange,
  judgeDataKey,
  metadataOf,
  type Report,
  type Source,
  say,
  type Verdict,
  weakened,
} from '@tidelock/guard';
import { judgeAges } from './data-key-age.ts';
import { judge } from './judge.ts';
import {
  isPolicyPath,
  type Policies,
  type PolicyFile,
  readPolicies,
  tidelockPolicyIn,
} from './policy-files.ts';
import type { CheckPorts } from './ports.ts';
import { changedPaths, removedPaths, Side, versionsBetween } from './side.ts';

export interface ChangeOptions {
  readonly ports: CheckPorts;
  readonly folder: string;
  readonly base: string;
  readonly head: string;
  readonly policyOnly: boolean;
  /** Opens what the keys at hand open; null: without. */
  readonly verify: ((sources: readonly Source[]) => Promise<readonly Verdict[]>) | null;
}

/**
 * Judges what head changes by the policy of base: nothing that the change itself brings can loosen a
 * finding. @throws GitError for a revision that names no commit
 */
export async function checkChange({ ports, folder, ...options }: ChangeOptions): Promise<Report> {
  const repository = await openRepository(folder, ports.env);
  const reader = new ObjectReader(repository.git);
  try {
    const base = await Side.open(repository, options.base, reader);
    const head = await Side.open(repository, options.head, reader);
    const paths = changedPaths(base, head);
    const removed = removedPaths(base, head);
    const files = await head.read(paths);
    const [oldFiles, newFiles] = [await base.policyFiles(), await head.policyFiles()];
    const now = ports.now();
    const after = readPolicies(newFiles, { now, prefix: '' });
    const before = policiesOfBase(oldFiles, { now, after, touched: [...paths, ...removed] });
    const { sources: earlier } = await base.read([
      ...paths.filter((path) => base.entries.has(path)),
      ...removed,
    ]);
    const versions = await versionsBetween(repository, { base, head }, reader);
    const ages = await judgeAges(files.sources, {
      ports,
      folder,
      root: repository.root,
      prefix: '',
      access: before.policies.access,
      revision: head.commit,
    });
    const bySides = { before: before.policies, after, head, sources: files.sources };
    const gone = removed.filter(isPolicyPath);
    const report = judge({
      files,
      policies: before.policies,
      examined: after.creation,
      paths: [...head.entries.keys()],
      prefix: '',
      now,
      policyOnly: options.policyOnly,
      more: [
        ...ages,
        ...((await options.verify?.(files.sources)) ?? []),
        ...workflowVerdicts(files.sources, earlier),
        ...dataKeyVerdicts(files.sources, earlier, versions),
        ...policyVerdicts(bySides, { oldFiles, newFiles, now, gone, isFirst: before.isFirst }),
      ],
      suppress: (findings) => suppressedAtBase(findings, files.sources, earlier),
    });
    return { ...report, findings: raiseMoved(report.findings, bySides, earlier) };
  } finally {
    reader.close();
  }
}

/** Head's own where base has none; a broken one judges nothing but a change that mends it alone. */
function policiesOfBase(
  files: readonly PolicyFile[],
  {
    now,
    after,
    touched,
  }: { readonly now: Date; readonly after: Policies; readonly touched: readonly string[] },
): { readonly policies: Policies; readonly isFirst: boolean } {
  if (files.length === 0) return { policies: after, isFirst: true };
  try {
    const policies = readPolicies(files, { now, prefix: '' });
    const broken = policies.creation.configs.find(({ problems }) =>
      problems.some(({ code }) => code === 'syntax'),
    );
    if (broken === undefined) {
      const isFirst = hasNone(policies);
      return { policies: isFirst ? after : policies, isFirst };
    }
    throw new TidelockError('ERR_CONFIG', 'the policy of the base cannot be read', {
      path: broken.path,
    });
  } catch (error) {
    if (error instanceof TidelockError && touched.length > 0 && touched.every(isPolicyPath))
      return { policies: after, isFirst: false };
    throw error;
  }
}

/** A workflow that ran the check and is another now: nobody but a person can say what it still does. */
function workflowVerdicts(
  sources: readonly Source[],
  earlier: readonly Source[],
): readonly Verdict[] {
  const now = new Map(sources.map((source) => [source.path, source]));
  return earlier
    .filter(({ path, text }) => WORKFLOW.test(path) && text?.includes('tidelock') === true)
    .map(({ path }) =>
      weakened(now.get(path) ?? goneSource(path), say`a workflow that runs the check changes`),
    );
}

const WORKFLOW = /^\.github\/(?:workflows|actions)\/.*\.ya?ml$/;

const hasNone = ({ creation, access, sopsCheck }: Policies) =>
  creation.configs.length === 0 && access === null && sopsCheck === null;

function dataKeyVerdicts(
  sources: readonly Source[],
  earlier: readonly Source[],
  versions: ReadonlyMap<string, readonly Source[]>,
): readonly Verdict[] {
  const atBase = new Map(earlier.map((source) => [source.path, source]));
  return sources.flatMap((source) => {
    const before = atBase.get(source.path);
    const all = [...(before === undefined ? [] : [before]), ...(versions.get(source.path) ?? [])];
    return [...judgeDataKey(source, all)];
  });
}

interface BySides {
  readonly before: Policies;
  readonly after: Policies;
  readonly head: Side;
  readonly sources: readonly Source[];
}

interface PolicyFiles {
  readonly oldFiles: readonly PolicyFile[];
  readonly newFiles: readonly PolicyFile[];
  readonly now: Date;
  /** Paths of policy files that are gone. */
  readonly gone: readonly string[];
  readonly isFirst: boolean;
}

function policyVerdicts(sides: BySides, files: PolicyFiles): readonly Verdict[] {
  const byPath = new Map(sides.sources.map((source) => [source.path, source]));
  const sourceOf = (path: string) => byPath.get(path) ?? goneSource(path);
  const touched = [...byPath.keys()].filter(isPolicyPath);
  const verdicts: Verdict[] = touched.map((path) => changed(sourceOf(path), files.isFirst));
  for (const path of touched) {
    if (byPath.get(path)?.mode === '120000')
      verdicts.push(weakened(sourceOf(path), say`a policy file became a symbolic link`));
  }
  for (const path of files.gone) {
    verdicts.push(changed(goneSource(path), false));
    verdicts.push(weakened(goneSource(path), say`a policy file is removed`));
  }
  if (touched.length + files.gone.length === 0 || files.isFirst) return verdicts;
  const change = { before: sides.before.creation, after: sides.after.creation };
  const paths = [...sides.head.entries.keys()];
  verdicts.push(...judgeCreationChange({ ...change, paths, sourceOf }));
  const policy = sides.before.access?.policy;
  if (policy !== undefined && !files.gone.includes('.tidelock.yaml')) {
    const next = tidelockPolicyIn(files.newFiles, files.now);
    verdicts.push(...judgeAccessChange(sourceOf('.tidelock.yaml'), policy, next));
  }
  return verdicts;
}

/** A comment that the change brings silences nothing yet, and is reported. */
function suppressedAtBase(
  findings: readonly Finding[],
  sources: readonly Source[],
  earlier: readonly Source[],
): ReturnType<typeof applyComments> {
  const { suppressed } = applyComments(findings, sources);
  const known = new Set(applyComments(findings, earlier).suppressed.map(({ finding }) => finding));
  const fresh = new Set(
    suppressed.map(({ finding }) => finding).filter((finding) => !known.has(finding)),
  );
  const kept = findings.flatMap((finding) => {
    if (fresh.has(finding)) return [finding, asSuppressed(finding)];
    return known.has(finding) ? [] : [finding];
  });
  return { kept, suppressed: suppressed.filter(({ finding }) => known.has(finding)) };
}

function asSuppressed(finding: Finding): Finding {
  return {
    ...finding,
    ruleId: 'policy/suppressed',
    severity: 'warning',
    message: `this change silences ${finding.ruleId} here: the comment counts once it is on the base`,
    hint: 'Have the suppression reviewed on its own',
  };
}

/** An uncovered file that base's rules covered under its old path is an error. */
function raiseMoved(
  findings: readonly Finding[],
  { before, sources }: BySides,
  earlier: readonly Source[],
): readonly Finding[] {
  const macs = new Map(
    earlier.flatMap((source) => {
      const mac = metadataOf(source)?.mac ?? '';
      return mac === '' || before.creation.ruleFor(source.path) === null
        ? []
        : [[mac, source.path] as const];
    }),
  );
  const byPath = new Map(sources.map((source) => [source.path, source]));
  return findings.map((finding) => {
    const source = byPath.get(finding.path);
    const mac = source === undefined ? undefined : metadataOf(source)?.mac;
    const moved = finding.ruleId === 'policy/uncovered' && mac !== undefined && macs.has(mac);
    return moved ? { ...finding, severity: 'error' } : finding;
  });
}
