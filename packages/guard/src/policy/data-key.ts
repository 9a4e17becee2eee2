import type { MasterKey, Metadata } from '@tidelock/core';
import { say } from '../mask.ts';
import { sopsLeavesOf } from '../sops-leaves.ts';
import type { Source } from '../source.ts';
import { canonicalKey, keyText } from './canonical-key.ts';
import { keyVerdict } from './judge-keys.ts';
import type { Verdict } from './rule-info.ts';
import { metadataOf } from './sops-facts.ts';

/** What two versions of a file show about their data keys, without opening either. */
export type DataKeyChange = 'kept' | 'changed' | 'unknown';

/**
 * A token that stands in both versions was made with one data key. Where none does, a value with
 * the path and IV of before and other data was made with another: that is how rotation writes.
 */
export function compareDataKeys(before: Source, after: Source): DataKeyChange {
  const old = tokensOf(before);
  const now = tokensOf(after);
  const texts = new Set(old.map(({ text }) => text));
  if (now.some(({ text }) => texts.has(text))) return 'kept';
  const ivs = new Set(old.map(({ place }) => place));
  return now.some(({ place }) => place !== null && ivs.has(place)) ? 'changed' : 'unknown';
}

interface PlacedToken {
  readonly text: string;
  /** Path and IV; null for the MAC. */
  readonly place: string | null;
}

function tokensOf(source: Source): readonly PlacedToken[] {
  const mac = metadataOf(source)?.mac ?? '';
  const leaves = sopsLeavesOf(source).flatMap((part) => part.leaves);
  const tokens = leaves.flatMap(({ token, text, path }) =>
    token && text !== null ? [{ text, place: `${JSON.stringify(path)} ${ivOf(text)}` }] : [],
  );
  return mac === '' ? tokens : [...tokens, { text: mac, place: null }];
}

const ivOf = (token: string) => /,iv:([^,\]]*)/.exec(token)?.[1] ?? '';

/** Recipients that an earlier version names and this one does not. */
export function removedKeys(before: Metadata, after: Metadata): readonly MasterKey[] {
  const still = new Set(after.keyGroups.flatMap(({ keys }) => keys.map(canonicalKey)));
  const removed = before.keyGroups
    .flatMap(({ keys }) => keys)
    .filter((key) => !still.has(canonicalKey(key)));
  return [...new Map(removed.map((key) => [canonicalKey(key), key])).values()];
}

/**
 * Whether recipients were removed from a file and could still read it. Earlier versions are shown to
 * it one after another and none is kept, however long the history.
 */
export class RemovedRecipients {
  readonly #source: Source;
  readonly #told = new Map<string, { readonly key: MasterKey; readonly change: DataKeyChange }>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** @param prove what opening both versions shows; asked only when it matters */
  async compareWith(
    before: Source,
    prove: (before: Source, after: Source) => Promise<DataKeyChange> = async () => 'unknown',
  ): Promise<void> {
    const [old, now] = [metadataOf(before), metadataOf(this.#source)];
    const removed = old === null || now === null ? [] : removedKeys(old, now);
    if (removed.length === 0) return;
    const proof = await prove(before, this.#source);
    const change = proof === 'unknown' ? compareDataKeys(before, this.#source) : proof;
    if (change === 'changed') return;
    for (const key of removed) {
      const name = canonicalKey(key);
      if (this.#told.get(name)?.change !== 'kept') this.#told.set(name, { key, change });
    }
  }

  *verdicts(): Iterable<Verdict> {
    for (const { key, change } of this.#told.values())
      yield verdict(this.#source, key, change === 'kept' ? 'kept' : 'unknown');
  }
}

/** The iv of every token of the file, its MAC too: rotate gives new tokens and keeps the values' ivs. */
export function tokenIvs(source: Source): readonly string[] {
  return tokensOf(source).flatMap(({ text }) => ivOf(text) || []);
}

function verdict(source: Source, key: MasterKey, change: 'kept' | 'unknown'): Verdict {
  const hint = say`Give it a new data key: tidelock rotate -i FILE, and change the values at their source`;
  if (change === 'kept') {
    const message = say`${keyText(key)} was removed and the data key kept: it can still read every later value`;
    return keyVerdict('policy/data-key-kept', source, key, { message, hint, span: null });
  }
  const message = say`${keyText(key)} was removed, and nothing in the file shows whether the data key is new`;
  return keyVerdict('policy/data-key-unknown', source, key, { message, hint, span: null });
}

/** A data key against its limit, both in days; null: the history does not tell its age. */
export function* dataKeyAgeVerdict(
  source: Source,
  days: number | null,
  limit: number,
): Iterable<Verdict> {
  if (days !== null && days <= limit) return;
  const base = { ruleId: 'policy/data-key-age', source, span: null } as const;
  if (days === null) {
    const message = say`the age of the data key is unknown, and the policy allows ${limit} days`;
    const hint = say`Fetch the whole history: git fetch --unshallow`;
    yield { ...base, severity: 'note', message, hint };
    return;
  }
  const message = say`the data key is ${days} days old, and the policy allows ${limit}`;
  yield { ...base, message, hint: say`Give it a new one: tidelock rotate -i FILE` };
}
