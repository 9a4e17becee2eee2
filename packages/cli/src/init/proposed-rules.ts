import { compileRegex, DEFAULT_SELECTION, type MasterKey, type Selection } from '@tidelock/core';
import { canonicalKey, isSopsFile, metadataOf, type Source } from '@tidelock/guard';
import { coveredByCreationRule } from '@tidelock/pre-commit';
import { testFolders } from './environments.ts';
import { patternsFor, type RulePattern } from './rule-patterns.ts';
import { configText, type ProposedRule } from './rule-text.ts';
import type { Survey } from './survey.ts';

/** A rule that exists or is about to. */
export interface KnownRule {
  /** As written. */
  readonly pathRegex: string | null;
  matches(path: string): boolean;
  readonly selection: Selection | null;
  /** null: not compared, it is somebody else's decision. */
  readonly keys: readonly MasterKey[] | null;
}

export interface FileToEncrypt {
  readonly path: string;
  readonly selection: Selection | null;
}

export interface RulesRequest {
  readonly survey: Survey;
  /** Whom everything is for; may be empty where there is a local key. */
  readonly keys: readonly MasterKey[];
  /** For test environments alone. */
  readonly local: MasterKey | null;
  /** Rules that stay and come first. */
  readonly known: readonly KnownRule[];
  /** Whether the configuration at the top is the one for a path. */
  readonly governs: (path: string) => boolean;
  readonly toEncrypt: readonly FileToEncrypt[];
  /** Above the rules that name files of it; that they held plaintext, where not given. */
  readonly exactComment?: string;
}

export interface ProposedRules {
  readonly rules: readonly ProposedRule[];
  /** Files that hold plaintext and have no rule, for want of a key that may read them. */
  readonly without: readonly string[];
}

/** Paths that one rule names at most, so that an expression stays readable. */
const PATHS_A_RULE = 20;

/** The rules that a repository needs beside those it has, in the order in which they are written. */
export function proposeRules(request: RulesRequest): ProposedRules {
  const general = generalRules(request);
  const known = [...request.known, ...general.map(asKnown)];
  const encrypted = rulesOfEncrypted(request, known);
  const { rules, without } = rulesOfPlaintext(request, known);
  return { rules: [...encrypted, ...rules, ...general], without };
}

function asKnown(rule: ProposedRule): KnownRule {
  const { pathRegex, selection, keys } = rule;
  return { pathRegex, matches: compileRegex(pathRegex), selection, keys };
}

/** By kind of file, for folders of environments first. */
function generalRules(request: RulesRequest): ProposedRule[] {
  const { survey, keys, local, known } = request;
  const { production } = survey.environments;
  const everybody = keysFor(request, 'anywhere');
  const scopes = [
    ...(production.length > 0 && keys.length > 0
      ? [{ note: 'Production', folders: production, keys }]
      : []),
    ...(local !== null && (keys.length > 0 || production.length > 0)
      ? [
          {
            note: 'Test environments, for the local key too',
            folders: testFolders(survey.environments),
            keys: [...keys, local],
          },
        ]
      : []),
    ...(everybody.length > 0 ? [{ note: null, folders: [], keys: everybody }] : []),
  ];
  return scopes.flatMap(({ note, folders, keys: readers }) =>
    patternsFor(survey.kinds, survey.paths).flatMap((pattern) => {
      const pathRegex = narrowed(pattern, folders, request);
      if (!isAtHome(pattern, folders, survey)) return [];
      if (
        pathRegex === null ||
        known.some((rule) => isCovered(rule, pathRegex, { pattern, folders }))
      )
        return [];
      const comment = [note === null ? pattern.what : `${note}. ${pattern.what}`];
      return [{ comment, pathRegex, selection: pattern.selection, keys: readers }];
    }),
  );
}

/** Whether the folders of an environment, where they exist, hold anything of the kind. */
function isAtHome(pattern: RulePattern, folders: readonly string[], { paths }: Survey): boolean {
  const inside = paths.filter((path) => path.split('/').some((part) => folders.includes(part)));
  return inside.length === 0 || inside.some((path) => pattern.beside.test(path));
}

/** Whether an existing rule is for new files of this kind already. */
function isCovered(
  rule: KnownRule,
  pathRegex: string,
  { pattern, folders }: { readonly pattern: RulePattern; readonly folders: readonly string[] },
): boolean {
  if (rule.pathRegex === pathRegex) return true;
  const [folder = 'apps'] = folders;
  return pattern.examples.every((name) => rule.matches(name) || rule.matches(`${folder}/${name}`));
}

/** The widest expression that claims no file which is plain for a reason; null: there is none. */
function narrowed(
  pattern: RulePattern,
  folders: readonly string[],
  { survey, governs }: RulesRequest,
): string | null {
  const [only = '', ...more] = folders;
  const folder = more.length === 0 ? only : `(${folders.join('|')})`;
  const start = folder === '' ? '(^|/)' : `(^|/)${folder}/(.*/)?`;
  const innocent = survey.sources.filter(
    (source) => governs(source.path) && !survey.plaintext.has(source.path) && !isSopsFile(source),
  );
  const names = pattern.names.find((name) => {
    const rule = { comment: [], pathRegex: start + name, selection: pattern.selection, keys: [] };
    const config = Buffer.from(configText([rule]));
    return !innocent.some((source) => isAccused(source, config));
  });
  return names === undefined ? null : start + names;
}

function isAccused(source: Source, config: Uint8Array): boolean {
  if (source.mode !== null || source.bytes.length === 0) return false;
  if (/(?:^|\/)\.(?:sops|tidelock)[^/]*\.ya?ml$/.test(source.path)) return false;
  const where = { configPath: '.sops.yaml', path: source.path };
  const covered = coveredByCreationRule(config, where);
  if (covered === null || covered instanceof Promise) return false;
  return source.text === null || source.text === '' || covered.selects(source.text);
}

/** Who may read a path: a local key never what looks like production. */
function keysFor({ survey, keys, local }: RulesRequest, path: string): readonly MasterKey[] {
  const folders = path.split('/').slice(0, -1);
  const { production } = survey.environments;
  if (local === null || folders.some((folder) => production.includes(folder))) return keys;
  if (folders.some((folder) => testFolders(survey.environments).includes(folder)))
    return [...keys, local];
  return keys.length > 0 || production.length > 0 ? keys : [local];
}

/** Files that are encrypted already keep whom they are for. */
function rulesOfEncrypted(request: RulesRequest, known: readonly KnownRule[]): ProposedRule[] {
  const groups = new Map<string, ProposedRule & { paths: string[] }>();
  for (const source of request.survey.encrypted) {
    const metadata = metadataOf(source);
    const [group, second] = metadata?.keyGroups ?? [];
    if (metadata === null || group === undefined || second !== undefined) continue;
    const rule = known.find(({ matches }) => matches(source.path));
    const isKept = rule !== undefined && (rule.keys === null || sameKeys(rule.keys, group.keys));
    const selection = metadata.selection;
    if (!request.governs(source.path)) continue;
    if (isKept && (selection === null || sameSelection(rule.selection, selection))) continue;
    if (rule !== undefined && rule.keys === null) continue;
    if (group.keys.some((key) => key.type === 'kms' && key.context.size > 0)) continue;
    add(groups, source.path, {
      comment: ['Encrypted before: for whom they are now.'],
      selection: selection === null || sameSelection(null, selection) ? null : selection,
      keys: group.keys,
    });
  }
  return exactRules(groups);
}

function rulesOfPlaintext(request: RulesRequest, known: readonly KnownRule[]): ProposedRules {
  const groups = new Map<string, ProposedRule & { paths: string[] }>();
  const without: string[] = [];
  const { exactComment = 'Files that held secrets in plain text.' } = request;
  for (const { path, selection } of request.toEncrypt) {
    if (!request.governs(path)) continue;
    const rule = known.find(({ matches }) => matches(path));
    if (rule !== undefined && (rule.keys === null || sameSelection(rule.selection, selection)))
      continue;
    const keys = keysFor(request, path);
    if (keys.length === 0) without.push(path);
    else add(groups, path, { comment: [exactComment], selection, keys });
  }
  return { rules: exactRules(groups), without };
}

function add(
  groups: Map<string, ProposedRule & { paths: string[] }>,
  path: string,
  rule: Omit<ProposedRule, 'pathRegex'>,
): void {
  const id = JSON.stringify([rule.comment, rule.selection, rule.keys.map(canonicalKey).sort()]);
  const group = groups.get(id) ?? { ...rule, pathRegex: '', paths: [] };
  group.paths.push(path);
  groups.set(id, group);
}

function exactRules(
  groups: ReadonlyMap<string, ProposedRule & { paths: readonly string[] }>,
): ProposedRule[] {
  return [...groups.values()].flatMap(({ paths, ...rule }) => {
    const rules: ProposedRule[] = [];
    for (let at = 0; at < paths.length; at += PATHS_A_RULE) {
      const names = paths.slice(at, at + PATHS_A_RULE).map(escaped);
      rules.push({
        ...rule,
        pathRegex: names.length === 1 ? `^${names[0]}$` : `^(${names.join('|')})$`,
      });
    }
    return rules;
  });
}

const escaped = (path: string) => path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

function sameKeys(a: readonly MasterKey[], b: readonly MasterKey[]): boolean {
  const ids = (keys: readonly MasterKey[]) =>
    [...new Set(keys.map(canonicalKey))].sort().join('\n');
  return ids(a) === ids(b);
}

function sameSelection(a: Selection | null, b: Selection | null): boolean {
  const [one, other] = [a ?? DEFAULT_SELECTION, b ?? DEFAULT_SELECTION];
  return one.rule === other.rule && one.value === other.value;
}
