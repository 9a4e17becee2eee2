import {
  CONFIG_NAME,
  type KeyGroup,
  keyGroupsOf,
  type MasterKey,
  parseSopsConfig,
  type SopsConfig,
  TidelockError,
} from '@tidelock/core';
import { CreationPolicy, canonicalKey, metadataOf, POLICY_NAME } from '@tidelock/guard';
import { type FileChange, readTarget } from './file-change.ts';
import { keptFromProduction } from './policy-change.ts';
import { type KnownRule, proposeRules, type RulesRequest } from './proposed-rules.ts';
import { configText, type ProposedRule, ruleLines } from './rule-text.ts';
import type { Survey } from './survey.ts';
import { entryOf, insertBehind, rootOf } from './yaml-insertion.ts';

/** The `.sops.yaml` at the top of a repository, and what it would become. */
export interface CreationConfig {
  /** null: nothing is to be changed. */
  readonly change: FileChange | null;
  /** Lines to add by hand, where the file is written in a way that cannot be added to. */
  readonly byHand: readonly string[];
  /** The configuration as it will be; null: there is none and none is proposed. */
  readonly config: SopsConfig | null;
  /** Files that hold plaintext and get no rule. */
  readonly without: readonly string[];
}

export interface CreationRequest
  extends Pick<RulesRequest, 'survey' | 'keys' | 'local' | 'toEncrypt' | 'exactComment'> {
  readonly now: Date;
}

/** @throws TidelockError ERR_CONFIG for a mistake in the `.sops.yaml` that is there */
export function proposeCreationConfig(request: CreationRequest): CreationConfig {
  const { survey } = request;
  const before = readTarget(survey.root, CONFIG_NAME);
  const config = before === null ? null : parseSopsConfig(Buffer.from(before), CONFIG_NAME);
  const known = (config?.creationRules ?? []).map(asKnown);
  const { keys, local } = readersOf(request, config);
  const { rules, without } = proposeRules({
    ...request,
    keys,
    local,
    known,
    governs: governedFromTop(survey),
  });
  if (rules.length === 0) return { change: null, byHand: [], config, without };
  const after = before === null ? configText(rules) : withRules(before, rules);
  if (after === null || !isKept(after, config)) {
    return { change: null, byHand: rules.flatMap(ruleLines), config, without };
  }
  return {
    change: { path: CONFIG_NAME, before, after, context: 3 },
    byHand: [],
    config: parseSopsConfig(Buffer.from(after), CONFIG_NAME),
    without,
  };
}

/** The keys named now, else those the repository agrees on; one of a test environment stays that. */
function readersOf(
  { survey, keys, local, now }: CreationRequest,
  config: SopsConfig | null,
): Pick<RulesRequest, 'keys' | 'local'> {
  if (keys.length > 0) return { keys, local };
  const isTest = keptFromProduction(readTarget(survey.root, POLICY_NAME), now);
  const isLocal = (key: MasterKey) =>
    isTest(key) || (local !== null && canonicalKey(key) === canonicalKey(local));
  const all = namedGroups(survey, config).flat();
  return {
    keys: agreedKeys(survey, config, isLocal) ?? [],
    local: local ?? all.flatMap((group) => group.keys).find(isLocal) ?? null,
  };
}

function asKnown({ pathRegex, matches, selection }: Omit<KnownRule, 'keys'>): KnownRule {
  return { pathRegex, matches, selection, keys: null };
}

/** A nearer `.sops.yaml` decides for its own folder. */
function governedFromTop(survey: Survey): (path: string) => boolean {
  const files = survey.sources.filter(({ name, mode }) => name === CONFIG_NAME && mode === null);
  const policy = new CreationPolicy(files);
  return (path) => (policy.configFor(path)?.path ?? CONFIG_NAME) === CONFIG_NAME;
}

/**
 * Whom a repository encrypts for, where nobody says so: the keys that all rules name, or all encrypted
 * files. null: there are none, or they differ.
 */
export function agreedKeys(
  survey: Survey,
  config: SopsConfig | null,
  isLeftOut: (key: MasterKey) => boolean = () => false,
): readonly MasterKey[] | null {
  const [first, ...others] = namedGroups(survey, config)
    .map((groups) =>
      groups
        .map(({ keys }) => keys.filter((key) => !isLeftOut(key)))
        .filter((keys) => keys.length > 0),
    )
    .filter((groups) => groups.length > 0);
  const [only, second] = first ?? [];
  if (first === undefined || only === undefined || second !== undefined) return null;
  if (only.some((key) => key.type === 'kms' && key.context.size > 0)) return null;
  const ids = (groups: typeof first) =>
    JSON.stringify(groups.map((keys) => keys.map(canonicalKey).sort()));
  return others.every((other) => ids(other) === ids(first)) ? only : null;
}

function namedGroups(survey: Survey, config: SopsConfig | null): readonly (readonly KeyGroup[])[] {
  const ofRules = (config?.creationRules ?? []).map((rule) => keyGroupsOf(rule, { createdAt: '' }));
  return ofRules.length > 0 ? ofRules : survey.encrypted.map(groupsOfFile);
}

const groupsOfFile = (source: Survey['encrypted'][number]) => metadataOf(source)?.keyGroups ?? [];

function withRules(before: string, rules: readonly ProposedRule[]): string | null {
  const root = rootOf(before);
  if (before.trim() === '') return configText(rules);
  return insertBehind(before, entryOf(root, 'creation_rules'), rules.flatMap(ruleLines));
}

/** Whether every rule that was there is still there, in its place, and the file still reads. */
function isKept(after: string, before: SopsConfig | null): boolean {
  try {
    const rules = parseSopsConfig(Buffer.from(after), CONFIG_NAME).creationRules ?? [];
    return (before?.creationRules ?? []).every(
      ({ pathRegex, index }) => rules[index]?.pathRegex === pathRegex,
    );
  } catch (error) {
    if (error instanceof TidelockError) return false;
    throw error;
  }
}
