import { compileRegex, type Matches, type Position, TidelockError } from '@tidelock/core';
import { parseToml, type TomlNode, type TomlTable } from './toml.ts';
import { TomlReader } from './toml-reader.ts';

/** What a `.gitleaks.toml` asks for. */
export interface GitleaksConfig {
  readonly rules: readonly GitleaksRule[];
  readonly allowlists: readonly GitleaksAllowlist[];
  /** `[extend] path`: another file, relative to the working folder. */
  readonly extendPath: string | null;
  readonly disabledRules: readonly string[];
  /** What is judged otherwise than gitleaks does, or not at all. */
  readonly notes: readonly GitleaksNote[];
  /** Names of rules that other parts speak of: `disabledRules`, `targetRules`. */
  readonly mentions: readonly GitleaksMention[];
}

/** `group`: not the group but a word is taken. `default`: our rules stand for its own. `empty`, `unknown`: does nothing. */
export type GitleaksNoteReason = 'group' | 'default' | 'empty' | 'unknown';

export interface GitleaksNote {
  readonly key: string;
  readonly reason: GitleaksNoteReason;
  readonly at: Position;
}

export interface GitleaksMention {
  readonly key: string;
  readonly id: string;
  readonly at: Position;
}

/** What is found while a configuration is read, besides what it says. */
interface Remarks {
  readonly notes: GitleaksNote[];
  readonly mentions: GitleaksMention[];
}

export interface GitleaksRule {
  readonly id: string;
  readonly regex: Matches | null;
  readonly path: Matches | null;
  /** In lower case; the rule is tried where one of them stands. Empty: everywhere. */
  readonly keywords: readonly string[];
  /** Shannon entropy in bits that something in the line must exceed; 0 for none. */
  readonly entropy: number;
  readonly allowlists: readonly GitleaksAllowlist[];
}

export interface GitleaksAllowlist {
  readonly condition: 'OR' | 'AND';
  readonly paths: readonly Matches[];
  readonly regexes: readonly Matches[];
  readonly regexTarget: 'secret' | 'match' | 'line';
  /** In lower case. */
  readonly stopwords: readonly string[];
  readonly commits: readonly string[];
  /** Ids of rules; null: all. */
  readonly targetRules: readonly string[] | null;
}

const RULE_KEYS = [
  'id',
  'description',
  'regex',
  'path',
  'keywords',
  'entropy',
  'tags',
  'secretGroup',
  'allowlist',
  'allowlists',
];
const TOP_KEYS = [
  'title',
  'description',
  'minVersion',
  'extend',
  'rules',
  'allowlist',
  'allowlists',
];
const EXTEND_KEYS = ['useDefault', 'path', 'disabledRules'];
const ALLOW_KEYS = [
  'description',
  'condition',
  'paths',
  'regexes',
  'regexTarget',
  'stopwords',
  'commits',
  'targetRules',
];

/**
 * Reads a configuration of gitleaks.
 * @throws TidelockError ERR_CONFIG, ERR_REGEX with path and position for what is not understood
 */
export function readGitleaksConfig(text: string, path: string): GitleaksConfig {
  try {
    return readRoot(parseToml(text));
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const { code, message, hint, position } = error;
    throw new TidelockError(code, message, {
      path,
      ...(hint === undefined ? {} : { hint }),
      ...(position === undefined ? {} : { position }),
    });
  }
}

function readRoot(root: TomlTable): GitleaksConfig {
  const remarks: Remarks = { notes: [], mentions: [] };
  const top = new TomlReader(root, TOP_KEYS);
  const extend = top.table('extend', EXTEND_KEYS);
  if (extend !== null) readExtend(extend, remarks);
  return {
    rules: top.tables('rules', RULE_KEYS).map((table) => readRule(table, remarks)),
    allowlists: readAllowlists(top, remarks),
    extendPath: extend?.text('path') ?? null,
    disabledRules: extend?.texts('disabledRules') ?? [],
    ...remarks,
  };
}

function readExtend(extend: TomlReader, { notes, mentions }: Remarks): void {
  const useDefault = extend.node('useDefault');
  if (extend.flag('useDefault') === true && useDefault !== undefined) {
    notes.push({ key: 'useDefault', reason: 'default', at: useDefault.at });
  }
  mentions.push(...mentionsOf(extend, 'disabledRules'));
}

function mentionsOf(table: TomlReader, key: string): GitleaksMention[] {
  const ids = table.texts(key);
  return table.list(key).map(({ at }, i) => ({ key, id: ids[i] ?? '', at }));
}

function readRule(table: TomlReader, remarks: Remarks): GitleaksRule {
  const id = table.text('id');
  if (id === null || id === '') throw table.wrong('id', 'a rule needs an id');
  const regex = table.node('regex');
  const path = table.node('path');
  if (regex === undefined && path === undefined) {
    throw table.wrong('id', 'a rule needs a regex or a path');
  }
  for (const key of ['secretGroup', 'entropy']) {
    const at = table.node(key)?.at;
    if (at !== undefined) remarks.notes.push({ key, reason: 'group', at });
  }
  return {
    id,
    regex: regex === undefined ? null : expression(regex),
    path: path === undefined ? null : expression(path),
    keywords: table.texts('keywords').map((word) => word.toLowerCase()),
    entropy: table.number('entropy') ?? 0,
    allowlists: readAllowlists(table, remarks),
  };
}

function readAllowlists(owner: TomlReader, remarks: Remarks): GitleaksAllowlist[] {
  const one = owner.table('allowlist', ALLOW_KEYS);
  return [...(one === null ? [] : [one]), ...owner.tables('allowlists', ALLOW_KEYS)].map((table) =>
    readAllowlist(table, remarks),
  );
}

const ALLOWING = ['paths', 'regexes', 'stopwords', 'commits'];

function readAllowlist(table: TomlReader, { notes, mentions }: Remarks): GitleaksAllowlist {
  const { at } = table;
  if (at !== undefined && ALLOWING.every((key) => table.list(key).length === 0)) {
    notes.push({ key: 'allowlist', reason: 'empty', at });
  }
  mentions.push(...mentionsOf(table, 'targetRules'));
  const condition = table.oneOf('condition', CONDITIONS) ?? 'OR';
  const targets = table.node('targetRules');
  return {
    condition: condition === 'AND' || condition === '&&' ? 'AND' : 'OR',
    paths: table.list('paths').map(expression),
    regexes: table.list('regexes').map(expression),
    regexTarget: table.oneOf('regexTarget', TARGETS) ?? 'secret',
    stopwords: table.texts('stopwords').map((word) => word.toLowerCase()),
    commits: table.texts('commits'),
    targetRules: targets === undefined ? null : table.texts('targetRules'),
  };
}

const CONDITIONS = ['OR', 'AND', '||', '&&'] as const;
const TARGETS = ['secret', 'match', 'line'] as const;

function expression({ at, value }: TomlNode): Matches {
  if (typeof value !== 'string') {
    throw new TidelockError('ERR_CONFIG', 'an expression is text', {
      position: at,
      hint: 'Write it in quotes.',
    });
  }
  try {
    return compileRegex(value);
  } catch (error) {
    if (!(error instanceof TidelockError)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new TidelockError(error.code, error.message, { position: at, ...hint });
  }
}
