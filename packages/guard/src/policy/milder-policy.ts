import { LARGEST_FILE } from '../examined.ts';
import { ownWords, type SafeText, say } from '../mask.ts';
import type { Source } from '../source.ts';
import type { AllowEntry } from '../suppress/allow-entries.ts';
import { canonicalKey } from './canonical-key.ts';
import { milderRecipients } from './milder-recipients.ts';
import type { Verdict } from './rule-info.ts';
import type { AccessRule, TidelockPolicy } from './tidelock-policy.ts';
import { isNarrower, weakened } from './weakened.ts';

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
      for (const reason of [
        ...milder(rule, same),
        ...milderRecipients({ policy: before, rule }, { policy: after, rule: same }),
      ])
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
  for (const [name, old] of before.recipients) {
    const one = after.recipients.get(name);
    if (one !== undefined && canonicalKey(old.key) !== canonicalKey(one.key))
      said.add(say`the name ${ownWords(name.slice(0, 100))} stands for another key`);
    if (old.until !== null && (one === undefined || one.until === null || one.until > old.until))
      said.add(say`${ownWords(name.slice(0, 100))} may read for longer`);
  }
  if ((after.largestFile ?? LARGEST_FILE) < (before.largestFile ?? LARGEST_FILE))
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
  if (
    before.selection !== null &&
    (after.selection === null || isNarrower(before.selection, after.selection))
  )
    yield say`may cover fewer values`;
}
