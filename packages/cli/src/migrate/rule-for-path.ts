import { join } from 'node:path';
import {
  type CreationRule,
  configCandidates,
  keyGroupsOf,
  masterKeyId,
  matchCreationRule,
  parseSopsConfig,
  relativeToConfig,
} from '@tidelock/core';
import type { FoundConfig } from '../config-lookup.ts';
import type { CreationConfig } from '../init/creation-config.ts';
import type { Survey } from '../init/survey.ts';

/** By which creation rule a file is to be encrypted, and for whom. */
export interface ChosenRule {
  /** The configuration as it will be, under its absolute path. */
  readonly found: FoundConfig;
  readonly rule: CreationRule;
  readonly readers: readonly string[];
}

/** The rule for a path below the top of the repository, once the proposed ones stand there. */
export function ruleForPath(
  path: string,
  survey: Survey,
  creation: CreationConfig,
): ChosenRule | { readonly reason: string } {
  const found = configOf(path, survey, creation);
  if (/\\x[0-9A-F]{2}/.test(path)) return { reason: 'its name is not UTF-8: rename it' };
  const name = join(survey.root, path);
  const rule =
    found === null ? null : matchCreationRule(found.config, relativeToConfig(found.path, name));
  if (found === null || rule === null)
    return { reason: 'no creation rule is for it: add one to .sops.yaml' };
  const readers = keyGroupsOf(rule, { createdAt: '' }).flatMap(({ keys }) => keys.map(masterKeyId));
  if (readers.length === 0)
    return { reason: `creation rule ${rule.index + 1} names no key: add one` };
  return { found, rule, readers };
}

/** The nearest `.sops.yaml`, of which the one at the top is as it will be. */
function configOf(path: string, survey: Survey, { config }: CreationConfig): FoundConfig | null {
  for (const candidate of configCandidates(path)) {
    const absolute = join(survey.root, candidate);
    if (candidate === '.sops.yaml') return config === null ? null : { path: absolute, config };
    const source = survey.sources.find((one) => one.path === candidate && one.mode === null);
    if (source === undefined) continue;
    return { path: absolute, config: parseSopsConfig(source.bytes, candidate) };
  }
  return null;
}
