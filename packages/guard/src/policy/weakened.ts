import { type CreationRule, DEFAULT_SELECTION, type Selection } from '@tidelock/core';
import { fileName, ownWords, type SafeText, say } from '../mask.ts';
import { Source } from '../source.ts';
import type { AllowEntry } from '../suppress/allow-entries.ts';
import { canonicalKey, keyText } from './canonical-key.ts';
import { groupsNeeded } from './compare-groups.ts';
import type { CreationPolicy, GoverningRule } from './creation-policy.ts';
import type { Verdict } from './rule-info.ts';
import type { SopsCheckPolicy } from './sops-check-rules.ts';
import type { AccessRule, TidelockPolicy } from './tidelock-policy.ts';

/** Both sides of a change of policy. */
export interface PolicyChange {
  readonly before: CreationPolicy;
  readonly after: CreationPolicy;
  /** Every path of the head's tree. */
  readonly paths: readonly string[];
  /** The source of a policy file in the head's tree, or an empty one where it is gone. */
  readonly sourceOf: (path: string) => Source;
}

/** What the head's creation rules allow for some path that the base's do not. */
export function* judgeCreationChange(change: PolicyChange): Iterable<Verdict> {
  const seen = new Set<string>();
  const compared = new Map<CreationRule, Set<CreationRule | null>>();
  for (const path of change.paths) {
    const before = change.before.ruleFor(path);
    if (before === null) continue;
    const after = change.after.ruleFor(path);
    const others = compared.get(before.rule) ?? new Set();
    if (others.has(after?.rule ?? null)) continue;
    compared.set(before.rule, others.add(after?.rule ?? null));
    for (const weakness of weaknesses(change, before, after)) {
      const at = after?.config.path ?? before.config.path;
      if (seen.has(`${at} ${weakness}`)) continue;
      seen.add(`${at} ${weakness}`);
      yield weakened(change.sourceOf(at), say`${weakness}, as for ${fileName(path)}`);
    }
  }
}

function* weaknesses(
  { before: policy, after: next }: PolicyChange,
  before: GoverningRule,
  after: GoverningRule | null,
): Iterable<SafeText> {
  const demanded = !policy.isUniversal(before.rule);
  if (demanded && (after === null || next.isUniversal(after.rule)))
    yield say`what had to be encrypted no longer has to be`;
  if (after === null) return;
  const [old, now] = [before.keyGroups ?? [], after.keyGroups ?? []];
  const had = new Set(old.flatMap(({ keys }) => keys.map(canonicalKey)));
  if (had.size > 0) {
    for (const key of now.flatMap(({ keys }) => keys))
      if (!had.has(canonicalKey(key))) yield say`${keyText(key)} gains access`;
    if (now.every(({ keys }) => keys.length === 0)) yield say`the rule names no keys any more`;
    const needed = groupsNeeded(now.length, after.rule.shamirThreshold ?? 0);
    if (needed < groupsNeeded(old.length, before.rule.shamirThreshold ?? 0))
      yield say`fewer key groups are needed to open files (${needed})`;
  }
  if (isNarrower(before.rule.selection, after.rule.selection))
    yield say`the selection may cover fewer values`;
  if (after.rule.macOnlyEncrypted === true && before.rule.macOnlyEncrypted !== true)
    yield say`the MAC no longer covers plain values`;
}

/** Any change but one to sops' default counts: nobody can compare two expressions in general. */
function isNarrower(before: Selection | null, after: Selection | null): boolean {
  const [old, now] = [before ?? DEFAULT_SELECTION, after ?? DEFAULT_SELECTION];
  if (old.rule === now.rule && old.value === now.value) return false;
  return !(now.rule === DEFAULT_SELECTION.rule && now.value === DEFAULT_SELECTION.value);
}

/** What the head's `.tidelock.yaml` no longer asks for; null: there is none. */
export function* judgeAccessChange(
  source: Source,
  before: TidelockPolicy,
  after: TidelockPolicy | null,
): Iterable<Verdict> {
  if (after === null) {
    yield weakened(source, say`the policy is removed`);
    return;
  }
  const said = new Set<SafeText>();
  for (const rule of before.rules) {
    const same = after.rules.find(({ name }) => name === rule.name);
    if (same === undefined) said.add(say`the rule ${ownWords(rule.name.slice(0, 100))} is removed`);
    else
      for (const reason of milder(rule, same))
        said.add(say`the rule ${ownWords(rule.name.slice(0, 100))} ${reason}`);
  }
  for (const entry of after.allow) {
    const old = before.allow.find((one) => one.rule === entry.rule && one.path === entry.path);
    if (old === undefined) said.add(say`${ownWords(entry.rule)} is allowed where it was not`);
    else if (endOf(entry) > endOf(old))
      said.add(say`${ownWords(entry.rule)} is allowed for longer`);
  }
  for (const [name, members] of after.groups) {
    const old = before.groups.get(name);
    if (old !== undefined && members.some((member) => !old.includes(member)))
      said.add(say`the group ${ownWords(name.slice(0, 100))} has more members`);
  }
  for (const [name, one] of after.recipients) {
    const old = before.recipients.get(name);
    if (old === undefined) continue;
    if (canonicalKey(old.key) !== canonicalKey(one.key))
      said.add(say`the name ${ownWords(name.slice(0, 100))} stands for another key`);
    if (old.until !== null && (one.until === null || one.until > old.until))
      said.add(say`${ownWords(name.slice(0, 100))} may read for longer`);
  }
  if (before.largestFile !== null && (after.largestFile ?? Infinity) < before.largestFile)
    said.add(say`fewer files are small enough to be looked into`);
  for (const reason of said) yield weakened(source, reason);
}

const endOf = ({ until }: AllowEntry) => until?.getTime() ?? Number.POSITIVE_INFINITY;
const RANK = { error: 2, warning: 1, note: 0 } as const;

function* milder(before: AccessRule, after: AccessRule): Iterable<SafeText> {
  if (before.paths.some((path) => !after.paths.includes(path))) yield say`is for fewer paths`;
  if (before.encrypted && !after.encrypted) yield say`asks for no encryption any more`;
  const rank = (rule: AccessRule) => RANK[rule.severity ?? 'error'];
  if (rank(after) < rank(before)) yield say`has a milder severity`;
  if (before.maxDataKeyAge !== null && (after.maxDataKeyAge ?? Infinity) > before.maxDataKeyAge)
    yield say`allows older data keys`;
  const [keys, now] = [before.keyGroups, after.keyGroups];
  if ((keys?.atLeast ?? 0) > (now?.atLeast ?? 0) || (keys?.threshold ?? 0) > (now?.threshold ?? 0))
    yield say`asks for fewer key groups`;
  if (before.selection !== null && isNarrower(before.selection, after.selection))
    yield say`may cover fewer values`;
  yield* milderRecipients(before, after);
}

function* milderRecipients(before: AccessRule, after: AccessRule): Iterable<SafeText> {
  const old = before.recipients;
  if (old === null) return;
  const now = after.recipients ?? { all: [], atLeast: [], any: [], none: [], others: 'allow' };
  const lost = (a: readonly string[], b: readonly string[]) => a.some((name) => !b.includes(name));
  if (lost(old.none, now.none)) yield say`forbids fewer recipients`;
  if (old.others === 'deny' && now.others === 'allow') yield say`lets others read`;
  const named = (rule: typeof now) => [
    ...rule.all,
    ...rule.any,
    ...rule.atLeast.flatMap(({ of }) => of),
  ];
  if (old.others === 'deny' && lost(named(now), named(old))) yield say`lets more recipients read`;
  const counts = (rule: typeof now) => rule.atLeast.reduce((sum, { count }) => sum + count, 0);
  if (counts(now) < counts(old) || lost(old.all, now.all)) yield say`asks for fewer recipients`;
}

/** Any rule that is gone or another counts: nobody can compare two expressions in general. */
export function* judgeSopsCheckChange(
  source: Source,
  before: SopsCheckPolicy,
  after: SopsCheckPolicy | null,
): Iterable<Verdict> {
  if (after === null) {
    yield weakened(source, say`the policy is removed`);
    return;
  }
  if (after.allowUnmatched && !before.allowUnmatched)
    yield weakened(source, say`keys that no rule names are accepted`);
  const texts = new Set(after.rules.map(({ text }) => text));
  const lost = before.rules.filter(({ text }) => !texts.has(text)).length;
  if (lost > 0) yield weakened(source, say`${lost} of its rules are gone or others now`);
}

export function weakened(source: Source, message: SafeText): Verdict {
  return {
    ruleId: 'policy/weakened',
    source,
    span: null,
    message,
    hint: say`Have the change of policy reviewed on its own by those who own the policy`,
  };
}

/** A policy file that the change touches. */
export function changed(
  source: Source,
  { isFirst, mixed }: { readonly isFirst: boolean; readonly mixed: boolean },
): Verdict {
  const split = say`Split this change: the policy first, and the files once it is on the base`;
  return {
    ruleId: 'policy/changed',
    source,
    span: null,
    message: isFirst ? say`the first policy of this repository` : say`the policy changes with this`,
    hint: mixed ? split : say`It takes effect once it is on the base; the files follow after that`,
  };
}

/** A file that is not there, for findings about its absence. */
export function goneSource(path: string): Source {
  return new Source(path, new Uint8Array());
}
