import { type CreationRule, DEFAULT_SELECTION, type Selection } from '@tidelock/core';
import { fileName, type SafeText, say } from '../mask.ts';
import { Source } from '../source.ts';
import { canonicalKey, keyText } from './canonical-key.ts';
import { compareGroups, groupsNeeded } from './compare-groups.ts';
import type { CreationPolicy, GoverningRule } from './creation-policy.ts';
import type { Verdict } from './rule-info.ts';
import type { SopsCheckPolicy } from './sops-check-rules.ts';

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
    else if (now.length > 1 && !compareGroups(old, now).sameGrouping)
      yield say`the keys are grouped otherwise, so that others can open files together`;
  }
  if (isNarrower(before.rule.selection, after.rule.selection))
    yield say`the selection may cover fewer values`;
  if (after.rule.macOnlyEncrypted === true && before.rule.macOnlyEncrypted !== true)
    yield say`the MAC no longer covers plain values`;
}

/** Any change but one to sops' default counts: nobody can compare two expressions in general. */
export function isNarrower(before: Selection | null, after: Selection | null): boolean {
  const [old, now] = [before ?? DEFAULT_SELECTION, after ?? DEFAULT_SELECTION];
  if (old.rule === now.rule && old.value === now.value) return false;
  return !(now.rule === DEFAULT_SELECTION.rule && now.value === DEFAULT_SELECTION.value);
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
