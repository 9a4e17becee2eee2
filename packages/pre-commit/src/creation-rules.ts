import {
  type CreationRule,
  compileRegex,
  matchCreationRule,
  parseSopsConfig,
  type Selection,
  type SopsConfig,
} from '@tidelock/core';
import { parentPath } from '@tidelock/git';
import { say } from '@tidelock/guard';
import type { CoveredBy, Where } from './coverage.ts';

const parsed = new WeakMap<Uint8Array, SopsConfig>();

/**
 * The creation rule of the file's nearest `.sops.yaml`. A rule without `path_regex` says how to
 * encrypt, not what: it claims no file. @throws TidelockError for a configuration with a mistake
 */
export const coveredByCreationRule: CoveredBy = (bytes, where) => {
  if (where.path.endsWith('.sops.yaml')) return null;
  const rule = ruleFor(bytes, where);
  if (rule === null || rule.pathRegex === null) return null;
  return {
    reason: say`creation rule ${rule.index + 1}`,
    selects: (text) => rule.selection === null || selectsAny(rule.selection, text),
  };
};

/** Whether a rule matches the file, also one without `path_regex`, and says whom to encrypt for. */
export function namesKeysFor(bytes: Uint8Array, where: Where): boolean {
  return ruleFor(bytes, where)?.keyGroups.some((keys) => keys.length > 0) ?? false;
}

function ruleFor(bytes: Uint8Array, { configPath, path }: Where): CreationRule | null {
  const config = parsed.get(bytes) ?? parseSopsConfig(bytes, configPath);
  parsed.set(bytes, config);
  const folder = parentPath(configPath);
  return matchCreationRule(config, folder === '' ? path : path.slice(folder.length + 1));
}

/**
 * Whether the text has a key that the selection names, judged by its lines, so that no format has to
 * be known: words that are no keys count too, and a quoted key with an escape counts as named.
 */
function selectsAny({ rule, value }: Selection, text: string): boolean {
  if (rule === 'encrypted_suffix')
    return keysOf(text).some((key) => isEscaped(key) || key.endsWith(value));
  if (rule !== 'encrypted_regex') return true;
  const matches = compileRegex(value);
  return keysOf(text).some((key) => isEscaped(key) || matches(key));
}

/** Every word that stands before a colon or an equals sign, quotes off. */
function keysOf(text: string): string[] {
  const keys: string[] = [];
  for (const line of text.split(/[\r\n{},[]/)) {
    for (const part of line.split(/[:=]/).slice(0, -1)) keys.push(trimKey(part));
  }
  return keys;
}

function trimKey(text: string): string {
  const key = text.trim().replace(/^[-?\s]+/, '');
  return isEscaped(key) ? key : key.replace(/^["']|["']$/g, '');
}

function isEscaped(key: string): boolean {
  return key.startsWith('"') && key.includes('\\');
}
