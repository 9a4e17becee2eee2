import { type SafeText, say } from '../mask.ts';
import {
  type AccessRule,
  membersOf,
  type RecipientRule,
  type TidelockPolicy,
} from './tidelock-policy.ts';

/** A rule with the policy whose groups its names are of. */
export interface RuleOfPolicy {
  readonly policy: TidelockPolicy;
  readonly rule: AccessRule;
}

const ANYBODY: RecipientRule = { all: [], atLeast: [], any: [], none: [], others: 'allow' };

/** What a rule no longer asks of recipients: groups are compared by who is in them. */
export function* milderRecipients(before: RuleOfPolicy, after: RuleOfPolicy): Iterable<SafeText> {
  if (before.rule.recipients === null) return;
  const old = expand(before, before.rule.recipients);
  const now = expand(after, after.rule.recipients ?? ANYBODY);
  if (!isWithin(old.none, now.none)) yield say`forbids fewer recipients`;
  if (old.denies && !now.denies) yield say`lets others read`;
  if (old.denies && !isWithin(now.named, old.named)) yield say`lets more recipients read`;
  const asksAll = isWithin(old.all, now.all);
  if (!asksAll || !old.demands.every((one) => isImplied(one, now)))
    yield say`asks for fewer recipients`;
}

/** At least so many of these. */
interface Demand {
  readonly count: number;
  readonly of: ReadonlySet<string>;
}

interface Expanded {
  readonly all: ReadonlySet<string>;
  readonly none: ReadonlySet<string>;
  readonly demands: readonly Demand[];
  /** Everybody the rule expects to read. */
  readonly named: ReadonlySet<string>;
  readonly denies: boolean;
}

function expand({ policy }: RuleOfPolicy, rule: RecipientRule): Expanded {
  const members = (names: readonly string[]) =>
    new Set(membersOf(policy, names).map(({ name }) => name));
  const any = rule.any.length === 0 ? [] : [{ count: 1, of: rule.any }];
  const demands = [...rule.atLeast, ...any].map(({ count, of }) => ({ count, of: members(of) }));
  const all = members(rule.all);
  return {
    all,
    none: members(rule.none),
    demands,
    named: new Set([...all, ...demands.flatMap(({ of }) => [...of])]),
    denies: rule.others === 'deny',
  };
}

function isWithin(inner: ReadonlySet<string>, outer: ReadonlySet<string>): boolean {
  return [...inner].every((name) => outer.has(name));
}

/** Whether a file that meets the new rule has as many of the old one's as before. */
function isImplied({ count, of }: Demand, { all, demands }: Expanded): boolean {
  const outside = (names: ReadonlySet<string>) => [...names].filter((name) => !of.has(name)).length;
  return (
    all.size - outside(all) >= count || demands.some((one) => one.count - outside(one.of) >= count)
  );
}
