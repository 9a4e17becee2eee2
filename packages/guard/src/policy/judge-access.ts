import type { MasterKey, Metadata } from '@tidelock/core';
import { ownWords, type SafeText, say } from '../mask.ts';
import { isSopsFile } from '../sops-file.ts';
import type { Source } from '../source.ts';
import { globToRegExp } from '../suppress/glob.ts';
import { canonicalKey, isKeyAskedFor, keyText, mayBeSame } from './canonical-key.ts';
import { groupsNeeded } from './compare-groups.ts';
import { findSpan, keyVerdict } from './judge-keys.ts';
import { notEncrypted } from './judge-tree.ts';
import { isOver } from './policy-reader.ts';
import type { Verdict } from './rule-info.ts';
import {
  type AccessRule,
  membersOf,
  type NamedRecipient,
  type TidelockPolicy,
} from './tidelock-policy.ts';

/** The rules of `.tidelock.yaml`, ready to judge files. */
export class AccessPolicy {
  readonly policy: TidelockPolicy;
  /** null: nobody's time is over. */
  readonly now: Date | null;
  readonly #prefix: string;
  readonly #rules: readonly { readonly rule: AccessRule; readonly globs: readonly RegExp[] }[];
  readonly #names: ReadonlyMap<string, NamedRecipient>;

  /** @param prefix folder of the sources within the repository, `''` or with a final `/` */
  constructor(
    policy: TidelockPolicy,
    options: { readonly now: Date | null; readonly prefix?: string },
  ) {
    this.policy = policy;
    this.now = options.now;
    this.#prefix = options.prefix ?? '';
    this.#rules = policy.rules.map((rule) => ({ rule, globs: rule.paths.map(globToRegExp) }));
    this.#names = new Map(
      [...policy.recipients.values()].map((one) => [canonicalKey(one.key), one]),
    );
  }

  /** Every rule for a path, relative to the sources. */
  rulesFor(path: string): readonly AccessRule[] {
    const whole = this.#prefix + path;
    return this.#rules
      .filter(({ globs }) => globs.some((glob) => glob.test(whole)))
      .map(({ rule }) => rule);
  }

  /** The name the policy gives a key, or null. */
  nameOf(key: MasterKey): NamedRecipient | null {
    const name = canonicalKey(key.type === 'azure_kv' ? { ...key, version: '' } : key);
    return this.#names.get(canonicalKey(key)) ?? this.#names.get(name) ?? null;
  }

  /** All rules for the file hold; each is judged by itself. */
  *judge(source: Source, metadata: Metadata | null): Iterable<Verdict> {
    for (const rule of this.rulesFor(source.path)) {
      const verdicts =
        metadata === null
          ? this.#judgePlain(source, rule)
          : this.#judgeFile(source, metadata, rule);
      for (const verdict of verdicts) {
        yield rule.severity === null || verdict.severity !== undefined
          ? verdict
          : { ...verdict, severity: rule.severity };
      }
    }
    if (metadata !== null) yield* this.#expired(source, metadata);
  }

  *#judgePlain(source: Source, rule: AccessRule): Iterable<Verdict> {
    const isLink = source.mode === '120000' || source.mode === '160000';
    const isEmpty = source.bytes.length === 0 && !isLink;
    if (!rule.encrypted || isEmpty || isSopsFile(source)) return;
    yield notEncrypted(source, nameText(rule));
  }

  *#judgeFile(source: Source, metadata: Metadata, rule: AccessRule): Iterable<Verdict> {
    yield* this.#recipients(source, metadata, rule);
    yield* keyGroups(source, metadata, rule);
    const have = metadata.selection ?? { rule: 'unencrypted_suffix', value: '_unencrypted' };
    const want = rule.selection;
    if (want !== null && (want.rule !== have.rule || want.value !== have.value)) {
      const asked = say`${ownWords(want.rule)} ${ownWords(JSON.stringify(want.value.slice(0, 100)))}`;
      yield {
        ruleId: 'policy/selection',
        source,
        span: findSpan(source, have.rule),
        message: say`not encrypted with ${asked}, as ${nameText(rule)} asks`,
        hint: say`Decrypt the file and encrypt it again`,
      };
    }
  }

  *#recipients(source: Source, metadata: Metadata, rule: AccessRule): Iterable<Verdict> {
    const wanted = rule.recipients;
    if (wanted === null) return;
    const keys = metadata.keyGroups.flatMap((group) => group.keys);
    const find = (one: NamedRecipient) => keys.find((key) => isKeyAskedFor(one.key, key));
    const members = (names: readonly string[]) => membersOf(this.policy, names);
    for (const one of members(wanted.all)) {
      if (find(one) === undefined) yield absent(source, one, { rule, keys });
    }
    for (const { count, of } of wanted.atLeast) {
      const found = members(of).filter((one) => find(one) !== undefined).length;
      if (found < count) yield tooFew(source, rule, { found, count, of });
    }
    if (wanted.any.length > 0 && !members(wanted.any).some((one) => find(one) !== undefined))
      yield tooFew(source, rule, { found: 0, count: 1, of: wanted.any });
    for (const one of members(wanted.none)) {
      const key = find(one);
      if (key !== undefined)
        yield forbidden(source, key, say`${nameText(rule)} forbids ${named(one)}`);
    }
    if (wanted.others === 'allow') return;
    const lists = [wanted.all, wanted.any, wanted.none, ...wanted.atLeast.map(({ of }) => of)];
    const expected = members(lists.flat()).map(({ key }) => key);
    for (const key of keys) {
      if (expected.some((other) => isKeyAskedFor(other, key) || mayBeSame(other, key))) continue;
      const message = say`${this.#shown(key)} can open this file, and ${nameText(rule)} denies others`;
      const hint = say`Remove it with tidelock updatekeys FILE, then tidelock rotate -i FILE`;
      yield keyVerdict('policy/recipient-extra', source, key, { message, hint });
    }
  }

  *#expired(source: Source, metadata: Metadata): Iterable<Verdict> {
    for (const key of metadata.keyGroups.flatMap((group) => group.keys)) {
      const one = this.nameOf(key);
      if (one !== null && isOver(one.until, this.now))
        yield forbidden(source, key, say`the time of ${named(one)} is over`);
    }
  }

  #shown(key: MasterKey): SafeText {
    const one = this.nameOf(key);
    return one === null ? keyText(key) : named(one);
  }
}

function* keyGroups(source: Source, metadata: Metadata, rule: AccessRule): Iterable<Verdict> {
  if (rule.keyGroups === null) return;
  const have = metadata.keyGroups.length;
  const needed = groupsNeeded(have, metadata.shamirThreshold);
  const { atLeast, threshold } = rule.keyGroups;
  const report = (message: SafeText): Verdict => ({
    ruleId: 'policy/key-groups',
    source,
    span: findSpan(source, 'shamir_threshold'),
    message,
    hint: say`Decrypt the file and encrypt it again with the key groups that the policy asks for`,
  });
  if (atLeast !== null && have < atLeast)
    yield report(say`${have} key groups, and ${nameText(rule)} asks for at least ${atLeast}`);
  if (threshold !== null && needed < threshold)
    yield report(
      say`${needed} key groups open this file, and ${nameText(rule)} asks for ${threshold}`,
    );
}

function absent(
  source: Source,
  one: NamedRecipient,
  { rule, keys }: { readonly rule: AccessRule; readonly keys: readonly MasterKey[] },
): Verdict {
  const perhaps = keys.find((key) => mayBeSame(key, one.key));
  if (perhaps !== undefined) {
    const message = say`${keyText(perhaps)} may or may not be ${named(one)}: nobody can tell offline`;
    const hint = say`Write both in the same form: the key id`;
    return keyVerdict('policy/recipient-undecidable', source, perhaps, { message, hint });
  }
  const message = say`${named(one)} cannot open this file, though ${nameText(rule)} asks for it`;
  const hint = say`Add it to the creation rule, then: tidelock updatekeys FILE`;
  return keyVerdict('policy/recipient-missing', source, one.key, { message, hint, span: null });
}

function tooFew(
  source: Source,
  rule: AccessRule,
  {
    found,
    count,
    of,
  }: { readonly found: number; readonly count: number; readonly of: readonly string[] },
): Verdict {
  const names = ownWords(of.join(', '));
  return {
    ruleId: 'policy/recipient-missing',
    source,
    span: null,
    message: say`${found} of ${names} can open this file, and ${nameText(rule)} asks for at least ${count}`,
    hint: say`Add them to the creation rule, then: tidelock updatekeys FILE`,
  };
}

function forbidden(source: Source, key: MasterKey, message: SafeText): Verdict {
  const hint = say`Remove it with tidelock updatekeys FILE, then tidelock rotate -i FILE, and change the values it could read`;
  return keyVerdict('policy/recipient-forbidden', source, key, { message, hint });
}

/** Names of a policy are its authors' own words, cut to a length. */
const named = ({ name }: NamedRecipient) => ownWords(name.slice(0, 100));
const nameText = (rule: AccessRule) => say`the policy rule ${ownWords(rule.name.slice(0, 100))}`;
