import type { MasterKey } from '@tidelock/core';
import { type CreationConfig, proposeCreationConfig } from '../../init/creation-config.ts';
import type { Survey } from '../../init/survey.ts';
import { type ChosenRule, ruleForPath } from '../rule-for-path.ts';
import { MANIFEST_SELECTION } from '../way-to-encrypt.ts';
import { type LeftSecret, leftSecret } from './left-secret.ts';
import type { Placed } from './placement.ts';

export interface PlannedSecret extends Placed, ChosenRule {}

export interface Chosen {
  readonly creation: CreationConfig;
  readonly secrets: readonly PlannedSecret[];
  readonly left: readonly LeftSecret[];
}

export interface RulesContext {
  readonly survey: Survey;
  /** For rules that are proposed; may be empty where the repository agrees on keys. */
  readonly keys: readonly MasterKey[];
  readonly now: Date;
}

/** The creation rules of the files, those that are there and those that are missing. */
export function chooseRules(
  placed: readonly Placed[],
  { survey, keys, now }: RulesContext,
): Chosen {
  const toEncrypt = placed.map(({ path }) => ({ path, selection: MANIFEST_SELECTION }));
  const exactComment = 'Secrets that stood in a store before.';
  const creation: CreationConfig =
    placed.length === 0
      ? { change: null, byHand: [], config: null, without: [] }
      : proposeCreationConfig({ survey, keys, local: null, toEncrypt, exactComment, now });
  const chosen: PlannedSecret[] = [];
  const left: LeftSecret[] = [];
  for (const one of placed) {
    const rule = ruleForPath(one.path, survey, creation);
    const isTwice = placed.find(({ path }) => path === one.path) !== one;
    if ('reason' in rule) left.push(leftSecret(one.manifest, rule.reason));
    else if (isTwice)
      left.push(leftSecret(one.manifest, `its file ${one.path} is that of another`));
    else chosen.push({ ...one, ...rule });
  }
  return { creation, secrets: wholeOf(chosen, placed), left };
}

/** An object of several Secrets goes as a whole or stays. */
export function wholeOf<P extends Placed>(
  some: readonly P[],
  all: readonly Placed[],
): readonly P[] {
  const count = (list: readonly Placed[], { manifest }: Placed) =>
    list.filter((one) => one.manifest === manifest).length;
  return some.filter((one) => count(some, one) === count(all, one));
}
