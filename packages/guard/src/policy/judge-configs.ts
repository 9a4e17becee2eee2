import type { ConfigProblem, CreationRule, Position } from '@tidelock/core';
import { ownWords, say } from '../mask.ts';
import type { Source } from '../source.ts';
import type { TextSpan } from '../types.ts';
import { type CreationPolicy, type LoadedConfig, relativeTo } from './creation-policy.ts';
import type { Verdict } from './rule-info.ts';

export interface ConfigContext {
  readonly policy: CreationPolicy;
  /** Every path of the tree, relative to the repository. */
  readonly paths: readonly string[];
}

/** What is wrong in a `.sops.yaml` itself: mistakes, and rules that can do nothing. */
export function* judgeConfig(
  source: Source,
  config: LoadedConfig,
  context: ConfigContext,
): Iterable<Verdict> {
  for (const problem of config.problems) yield toVerdict(source, problem);
  const rules = config.config.creationRules ?? [];
  const used = usedRules(config, context);
  for (const rule of rules) {
    const place = {
      source,
      span: spanAt(source, rule.position),
      treePath: ['creation_rules', rule.index],
    };
    const shadow = hiddenBy(rule, rules, context.policy);
    if (shadow !== null) {
      yield {
        ...place,
        ruleId: 'config/shadowed-rule',
        message: say`rule ${rule.index + 1} is never taken: rule ${shadow.index + 1} matches everything it matches`,
        hint: say`Move it above that rule, or remove it`,
      };
    } else if (!used.has(rule) && !context.policy.isUniversal(rule)) {
      yield { ...place, ruleId: 'config/dead-rule', ...deadRule(rule) };
    }
    if (rule.keyGroups.every((group) => group.length === 0)) {
      yield {
        ...place,
        ruleId: 'config/no-keys',
        message: say`rule ${rule.index + 1} names no key: who can read its files is left to whoever encrypts them`,
        hint: say`Name the keys, as age: age1...`,
      };
    }
  }
}

/** A rule for names in whatever folder may well wait for its first file. */
function deadRule({
  index,
  pathRegex,
}: CreationRule): Pick<Verdict, 'severity' | 'message' | 'hint'> {
  return pathRegex?.startsWith('(^|/)') === true
    ? {
        severity: 'note',
        message: say`rule ${index + 1} is for no file of this tree yet`,
        hint: say`Nothing, where such files are to come; else correct its path_regex`,
      }
    : {
        message: say`rule ${index + 1} is for no file of this tree`,
        hint: say`Correct its path_regex, or remove it`,
      };
}

/** The first rule that matches each path of the configuration's folder that no nearer one governs. */
function usedRules(
  config: LoadedConfig,
  { policy, paths }: ConfigContext,
): ReadonlySet<CreationRule> {
  const rules = config.config.creationRules ?? [];
  const used = new Set<CreationRule>();
  for (const path of paths) {
    if (used.size === rules.length) break;
    if (policy.configFor(path) !== config) continue;
    const relative = relativeTo(config, path);
    const rule = rules.find((one) => one.matches(relative));
    if (rule !== undefined) used.add(rule);
  }
  return used;
}

function hiddenBy(
  rule: CreationRule,
  rules: readonly CreationRule[],
  policy: CreationPolicy,
): CreationRule | null {
  const same = (other: CreationRule) =>
    other.pathRegex !== null && other.pathRegex === rule.pathRegex;
  const before = rules.slice(0, rule.index);
  return before.find((other) => policy.isUniversal(other) || same(other)) ?? null;
}

function toVerdict(source: Source, problem: ConfigProblem): Verdict {
  return {
    ruleId: problem.code === 'unknown-key' ? 'config/unknown-key' : 'config/invalid',
    source,
    span: spanAt(source, problem.position),
    // The reader quotes names of keys and paths, and no value but a path_regex or a public key.
    message: ownWords(problem.message),
    hint: ownWords(
      problem.hint ?? 'Correct it: sops may ignore it and encrypt otherwise than was meant',
    ),
  };
}

/** The rest of the line from a position. */
export function spanAt(source: Source, { line, column }: Position): TextSpan {
  const span = source.lines.lineSpan(line - 1);
  return { start: Math.min(span.start + column - 1, span.end), end: span.end };
}
