import {
  checkLabel,
  type KeyGroup,
  type MasterKey,
  type Metadata,
  masterKeyId,
} from '@tidelock/core';
import { ownWords, type SafeText, say } from '../mask.ts';
import type { Source } from '../source.ts';
import type { Problem, TextSpan } from '../types.ts';
import { canonicalKey, keyText } from './canonical-key.ts';
import { compareGroups, groupsNeeded } from './compare-groups.ts';
import type { PolicyRuleId, Verdict } from './rule-info.ts';

export type LabelOptions = NonNullable<Parameters<typeof checkLabel>[1]>;

export interface WantedKeys {
  readonly groups: readonly KeyGroup[];
  /** null: the rule says nothing. */
  readonly threshold: number | null;
  /** `creation rule 1 of .sops.yaml`, for messages. */
  readonly name: SafeText;
}

const UPDATE = say`Make the file follow its rule: tidelock updatekeys FILE`;
const REMOVE = say`Remove it with tidelock updatekeys FILE, then tidelock rotate -i FILE, and change the values it could read`;

/** Recipients, groups and threshold of a file against those a rule names. */
export function* judgeKeys(
  source: Source,
  metadata: Metadata,
  wanted: WantedKeys,
): Iterable<Verdict> {
  const compared = compareGroups(metadata.keyGroups, wanted.groups);
  for (const key of compared.missing) {
    const message = say`${keyText(key)} cannot open this file, though ${wanted.name} names it`;
    yield keyVerdict('policy/recipient-missing', source, key, {
      message,
      hint: UPDATE,
      span: null,
    });
  }
  for (const key of compared.extra) {
    const message = say`${keyText(key)} can open this file, and ${wanted.name} does not name it`;
    yield keyVerdict('policy/recipient-extra', source, key, { message, hint: REMOVE });
  }
  for (const pair of compared.undecidable) {
    const message = say`${keyText(pair.have)} may or may not be ${keyText(pair.wanted)} of ${wanted.name}: nobody can tell offline`;
    const hint = say`Write both in the same form: the key id in .sops.yaml`;
    yield keyVerdict('policy/recipient-undecidable', source, pair.have, { message, hint });
  }
  yield* judgeGrouping(source, metadata, { wanted, same: compared.sameGrouping });
}

function* judgeGrouping(
  source: Source,
  { keyGroups, shamirThreshold }: Metadata,
  { wanted, same }: { readonly wanted: WantedKeys; readonly same: boolean },
): Iterable<Verdict> {
  const [have, want] = [keyGroups.length, wanted.groups.length];
  const report = (message: SafeText, hint: SafeText): Verdict => ({
    ruleId: 'policy/key-groups',
    source,
    span: findSpan(source, 'shamir_threshold'),
    message,
    hint,
  });
  if (have !== want) {
    yield report(
      say`${have} key group${plural(have)}, and ${wanted.name} asks for ${want}`,
      UPDATE,
    );
    return;
  }
  if (!same) yield report(say`the keys are grouped otherwise than in ${wanted.name}`, UPDATE);
  const needed = groupsNeeded(have, shamirThreshold);
  const asked = groupsNeeded(want, wanted.threshold ?? 0);
  if (needed === asked) return;
  yield report(
    say`${needed} of ${have} key groups open this file, and ${wanted.name} asks for ${asked}`,
    say`Decrypt the file and encrypt it again: updatekeys keeps the threshold`,
  );
}

/** Wrapped keys that are not addressed as they say, and whether some cannot be proved. */
export function* judgeLabels(
  source: Source,
  metadata: Metadata,
  {
    labels,
    proven,
    onUnproven,
  }: {
    readonly labels: LabelOptions;
    /** Keys whose label an identity at hand has proved. */
    readonly proven: ReadonlySet<MasterKey>;
    readonly onUnproven: () => void;
  },
): Iterable<Verdict> {
  for (const key of metadata.keyGroups.flatMap(({ keys }) => keys)) {
    const result = checkLabel(key, labels);
    if (result.ok === 'unproven' && !proven.has(key)) onUnproven();
    if (result.ok !== false) continue;
    const message = say`the wrapped key of ${keyText(key)} ${ownWords(result.reason)}`;
    const hint = say`Wrap it anew with tidelock updatekeys FILE, rotate the file, and find out who wrote this`;
    yield keyVerdict('policy/hidden-recipient', source, key, { message, hint });
  }
}

/** A verdict about one key, placed where the key stands in the file. */
export function keyVerdict(
  ruleId: PolicyRuleId,
  source: Source,
  key: MasterKey,
  problem: Pick<Problem, 'message' | 'hint'> & Partial<Problem>,
): Verdict {
  return {
    ruleId,
    source,
    span: findSpan(source, key.type === 'kms' ? key.arn : masterKeyId(key)),
    treePath: ['sops', key.type, masterKeyId(key)],
    value: canonicalKey(key),
    ...problem,
  };
}

/** The last place of a word in the file: the sops block stands at the end. */
export function findSpan(source: Source, word: string): TextSpan | null {
  const start = word === '' ? -1 : (source.text ?? '').lastIndexOf(word);
  return start === -1 ? null : { start, end: start + word.length };
}

const plural = (count: number) => ownWords(count === 1 ? '' : 's');
