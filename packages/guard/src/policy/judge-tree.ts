import { DEFAULT_SELECTION, type MasterKey, type Metadata, type Selection } from '@tidelock/core';
import { notExamined } from '../examined.ts';
import { fileName, ownWords, type SafeText, say } from '../mask.ts';
import { isSopsFile } from '../sops-file.ts';
import type { Source } from '../source.ts';
import { claims } from './claims.ts';
import type { CreationPolicy, GoverningRule } from './creation-policy.ts';
import { judgeConfig } from './judge-configs.ts';
import { findSpan, judgeKeys, judgeLabels, type LabelOptions } from './judge-keys.ts';
import { judgeName } from './judge-names.ts';
import { judgeRepeated } from './judge-repeated.ts';
import type { Verdict } from './rule-info.ts';
import { metadataOf, wholeView } from './sops-facts.ts';

export interface TreePolicy {
  readonly creation: CreationPolicy;
  /** What `.tidelock.yaml` and its like add, for one file. */
  readonly more?: (source: Source, metadata: Metadata | null) => Iterable<Verdict>;
  /** Whether something else than a creation rule governs this path. */
  readonly covers?: (path: string) => boolean;
  /** Whose own mistakes are reported, and the paths of their tree; `creation` and the sources' when not given. */
  readonly examined?: CreationPolicy;
  readonly paths?: readonly string[];
  /** Folder of the sources within the repository, `''` or with a final `/`. */
  readonly prefix?: string;
  readonly labels?: LabelOptions;
  /** Wrapped keys whose label an identity at hand has proved. */
  readonly proven?: ReadonlySet<MasterKey>;
}

/** Judges files by the creation rules of their tree, and by one another. Pure. */
export function* judgeTree(sources: readonly Source[], policy: TreePolicy): Iterable<Verdict> {
  const { creation, prefix = '', labels = {}, proven = new Set() } = policy;
  const unproven: Source[] = [];
  let keys = 0;
  for (const source of sources) {
    const metadata = metadataOf(source);
    const governing = creation.ruleFor(prefix + source.path);
    if (metadata === null) yield* judgePlain(source, governing, creation);
    else {
      keys += metadata.keyGroups.reduce((sum, group) => sum + group.keys.length, 0);
      if (governing !== null) yield* judgeFile(source, metadata, governing);
      else if (isGoverned(policy) && policy.covers?.(source.path) !== true) yield uncovered(source);
      const onUnproven = () => void unproven.push(source);
      yield* judgeLabels(source, metadata, { labels, proven, onUnproven });
      yield* judgeRepeated(source, metadata, { wanted: governing?.keyGroups ?? [], proven });
    }
    yield* judgeName(source, prefix + source.path);
    yield* policy.more?.(source, metadata) ?? [];
  }
  yield* unprovenNote(unproven, keys);
  yield* sharedDataKeys(sources);
  yield* judgeConfigs(sources, policy);
}

/** Without any policy in the tree nothing can be uncovered. */
const isGoverned = (policy: TreePolicy) =>
  policy.creation.configs.length > 0 || policy.covers !== undefined;

/** One encrypted file against the creation rule that is for it. */
export function* judgeFile(
  source: Source,
  metadata: Metadata,
  governing: GoverningRule,
): Iterable<Verdict> {
  const { rule, keyGroups } = governing;
  const name = ruleName(governing);
  if (keyGroups?.some(({ keys }) => keys.length > 0)) {
    const wanted = { groups: keyGroups, threshold: rule.shamirThreshold, name };
    yield* judgeKeys(source, metadata, wanted);
  }
  yield* judgeSelection(source, metadata, governing);
}

function* judgeSelection(
  source: Source,
  metadata: Metadata,
  governing: GoverningRule,
): Iterable<Verdict> {
  const name = ruleName(governing);
  const wanted = governing.rule.selection ?? DEFAULT_SELECTION;
  const have = metadata.selection ?? DEFAULT_SELECTION;
  const hint = say`Decrypt the file and encrypt it again: updatekeys and rotate keep the selection`;
  // A binary file stores no rule: all of it is encrypted.
  const whole = metadata.selection === null && wholeView(source)?.format === 'json';
  if (!whole && (wanted.rule !== have.rule || wanted.value !== have.value)) {
    const message = say`encrypted with ${selectionText(have)}, and ${name} asks for ${selectionText(wanted)}`;
    yield { ruleId: 'policy/selection', source, span: findSpan(source, have.rule), message, hint };
  }
  if (metadata.macOnlyEncrypted && governing.rule.macOnlyEncrypted !== true) {
    const message = say`the MAC leaves plain values out (mac_only_encrypted), and ${name} does not ask for that`;
    const span = findSpan(source, 'mac_only_encrypted');
    yield { ruleId: 'policy/selection', severity: 'warning', source, span, message, hint };
  }
}

function selectionText({ rule, value }: Selection): SafeText {
  return say`${ownWords(rule)} ${ownWords(JSON.stringify(value.slice(0, 100)))}`;
}

function* judgePlain(
  source: Source,
  governing: GoverningRule | null,
  creation: CreationPolicy,
): Iterable<Verdict> {
  if (governing === null || creation.isUniversal(governing.rule) || isSopsFile(source)) return;
  if (!claims(source, governing.rule.selection)) return;
  yield notEncrypted(source, ruleName(governing));
}

/** @param name what says that the file is encrypted */
export function notEncrypted(source: Source, name: SafeText): Verdict {
  const reason = notExamined(source);
  const what = reason === null || reason === 'template' ? say`` : say` (${ownWords(reason)})`;
  return {
    ruleId: 'policy/not-encrypted',
    source,
    span: null,
    message: say`not encrypted${what}, though ${name} says that it is`,
    hint: say`Change what is secret in it, then encrypt it: tidelock encrypt -i FILE`,
  };
}

export function uncovered(source: Source): Verdict {
  return {
    ruleId: 'policy/uncovered',
    source,
    span: null,
    message: say`encrypted, and no rule says for whom`,
    hint: say`Add a creation rule for it to .sops.yaml`,
  };
}

function ruleName({ config, rule }: GoverningRule): SafeText {
  return say`creation rule ${rule.index + 1} of ${fileName(config.path)}`;
}

function* unprovenNote(unproven: readonly Source[], keys: number): Iterable<Verdict> {
  const [first] = unproven;
  if (first === undefined) return;
  yield {
    ruleId: 'policy/label-unproven',
    source: first,
    span: null,
    message: say`${unproven.length} of ${keys} wrapped keys do not show for whom they were made, here and elsewhere`,
    hint: say`Whoever holds a key can tell, by opening the file with that key alone`,
  };
}

function* sharedDataKeys(sources: readonly Source[]): Iterable<Verdict> {
  const owners = new Map<string, Source>();
  for (const source of sources) {
    const blobs = (metadataOf(source)?.keyGroups ?? []).flatMap(({ keys }) =>
      keys.map(({ enc }) => enc.trim()),
    );
    const owner = blobs
      .map((blob) => owners.get(blob))
      .find((found) => found !== undefined && found !== source);
    for (const blob of blobs) if (blob !== '' && !owners.has(blob)) owners.set(blob, source);
    if (owner === undefined) continue;
    yield {
      ruleId: 'policy/shared-data-key',
      source,
      span: null,
      message: say`the same wrapped keys as in ${fileName(owner.path)}: one data key opens both`,
      hint: say`Give it a data key of its own: tidelock rotate -i FILE`,
    };
  }
}

function* judgeConfigs(sources: readonly Source[], policy: TreePolicy): Iterable<Verdict> {
  const { prefix = '', examined = policy.creation } = policy;
  const byPath = new Map(examined.configs.map((config) => [config.path, config]));
  const paths = policy.paths ?? sources.map(({ path }) => prefix + path);
  for (const source of sources) {
    const config = byPath.get(prefix + source.path);
    if (config !== undefined) yield* judgeConfig(source, config, { policy: examined, paths });
  }
}
