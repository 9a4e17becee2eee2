import {
  changed,
  goneSource,
  judgeAccessChange,
  judgeCreationChange,
  judgeSopsCheckChange,
  type Source,
  say,
  type Verdict,
  weakened,
} from '@tidelock/guard';
import { isPolicyPath } from '../policy-files.ts';
import type { Steering } from '../steering.ts';
import { creationOf, type SidePolicy, unreadablePolicy } from './base-policy.ts';

export interface PolicyChange {
  readonly before: SidePolicy;
  readonly after: SidePolicy;
  /** Changed files of the head. */
  readonly sources: readonly Source[];
  /** Paths that the head no longer has. */
  readonly removed: readonly string[];
  /** Every path of the head's tree. */
  readonly paths: readonly string[];
  readonly isFirst: boolean;
  /** Encrypted files change too. */
  readonly mixed: boolean;
  readonly now: Date;
}

/** Files that only ever silence: without them more is found. */
const SILENCERS = /^(?:\.tidelock-baseline\.json|\.gitleaksignore|\.secrets\.baseline)$/;

/** What the change does to the policy itself; of one file all that becomes milder is one finding. */
export function policyVerdicts(change: PolicyChange): readonly Verdict[] {
  const first = new Map<string, Verdict>();
  const others: Verdict[] = [];
  for (const verdict of verdictsOf(change)) {
    const known = first.get(verdict.source.path);
    if (verdict.ruleId !== 'policy/weakened') others.push(verdict);
    else if (known === undefined) first.set(verdict.source.path, verdict);
    else if (known.message.length < LONGEST_MESSAGE) {
      const message = say`${known.message}; ${verdict.message}`;
      first.set(verdict.source.path, { ...known, message });
    }
  }
  return [...others, ...first.values()];
}

const LONGEST_MESSAGE = 1000;

function* verdictsOf(change: PolicyChange): Iterable<Verdict> {
  const { before, after, sources, removed, isFirst, now } = change;
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const sourceOf = (path: string) => byPath.get(path) ?? goneSource(path);
  const touched = [...byPath.keys()].filter(isPolicyPath);
  const gone = removed.filter(isPolicyPath);
  for (const path of [...touched, ...gone]) yield changed(sourceOf(path), change);
  if (touched.length + gone.length === 0) return;
  yield* unreadablePolicy(after, sourceOf);
  for (const path of touched)
    if (byPath.get(path)?.mode === '120000')
      yield weakened(sourceOf(path), say`a policy file became a symbolic link`);
  for (const path of gone)
    if (!SILENCERS.test(path)) yield weakened(sourceOf(path), say`a policy file is removed`);
  if (isFirst) return;
  yield* judgeCreationChange({
    before: creationOf(before, now),
    after: creationOf(after, now),
    paths: change.paths,
    sourceOf,
  });
  const [old, next] = [before.read.steering, after.read.steering];
  if (old === null || next === null) return;
  const isGone = (path: string) => gone.includes(path);
  const { access, sopsCheck } = old.policies;
  if (access !== null && !isGone('.tidelock.yaml'))
    yield* judgeAccessChange(
      sourceOf('.tidelock.yaml'),
      access.policy,
      next.policies.access?.policy ?? null,
    );
  const checkPath = ['.sops-check.yaml', '.sops-check.yml'].find((path) => byPath.has(path));
  if (sopsCheck !== null && checkPath !== undefined)
    yield* judgeSopsCheckChange(sourceOf(checkPath), sopsCheck, next.policies.sopsCheck);
  yield* silencerVerdicts(old, next, sourceOf, touched);
}

/** What is known or allowed that was not. */
function* silencerVerdicts(
  before: Steering,
  after: Steering,
  sourceOf: (path: string) => Source,
  touched: readonly string[],
): Iterable<Verdict> {
  const known = before.baseline?.entries;
  const baselined = [...(after.baseline?.entries.values() ?? [])].filter(
    ({ fingerprint, check }) => known?.get(fingerprint)?.check !== check,
  ).length;
  if (baselined > 0)
    yield weakened(
      sourceOf('.tidelock-baseline.json'),
      say`${baselined} more findings are taken for known`,
    );
  const [old, next] = [before.foreign.files, after.foreign.files];
  const lines = new Set(old.ignored.map((entry) => JSON.stringify(entry)));
  const ignored = next.ignored.filter((entry) => !lines.has(JSON.stringify(entry))).length;
  if (ignored > 0)
    yield weakened(sourceOf('.gitleaksignore'), say`${ignored} more findings are ignored`);
  const recorded = [...next.baseline].filter((entry) => !old.baseline.has(entry)).length;
  if (recorded > 0)
    yield weakened(sourceOf('.secrets.baseline'), say`${recorded} more values are taken for known`);
  // Nobody can compare expressions in general: any change of them may let something through.
  if (touched.includes('.gitleaks.toml'))
    yield weakened(sourceOf('.gitleaks.toml'), say`rules and allowlists of gitleaks change`);
}

const WORKFLOW = /^\.github\/(?:workflows|actions)\/.*\.ya?ml$/;

/** A workflow that ran the check and is another now: nobody but a person can say what it still does. */
export function workflowVerdicts(
  sources: readonly Source[],
  earlier: readonly Source[],
  removed: readonly string[],
): readonly Verdict[] {
  const now = new Map(sources.map((source) => [source.path, source]));
  const gone = new Set(removed);
  return earlier
    .filter(({ path, text }) => WORKFLOW.test(path) && text?.includes('tidelock') === true)
    .filter(({ path }) => now.has(path) || gone.has(path))
    .map(({ path }) =>
      weakened(now.get(path) ?? goneSource(path), say`a workflow that runs the check changes`),
    );
}
