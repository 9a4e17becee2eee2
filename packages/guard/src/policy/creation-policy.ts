import {
  type ConfigProblem,
  type CreationRule,
  configCandidates,
  type KeyGroup,
  keyGroupsOf,
  matchCreationRule,
  readSopsConfig,
  type SopsConfig,
  TidelockError,
} from '@tidelock/core';
import { canonicalKey } from './canonical-key.ts';

/** A `.sops.yaml`, with what is wrong in it. */
export interface LoadedConfig {
  /** Relative to the repository, with `/`. */
  readonly path: string;
  readonly config: SopsConfig;
  readonly problems: readonly ConfigProblem[];
}

export interface GoverningRule {
  readonly config: LoadedConfig;
  readonly rule: CreationRule;
  /** null: the rule names a key that cannot be read, which is a finding of its own. */
  readonly keyGroups: readonly KeyGroup[] | null;
}

/** Names nobody gives a file: a rule that matches all of them matches everything. */
const ANY_NAMES = ['zq7', 'zq7/qz9.x', '.q/z-7.q9x'];

/** The `.sops.yaml` files of one tree: which rule is for which file. */
export class CreationPolicy {
  readonly configs: readonly LoadedConfig[];
  readonly #byPath: ReadonlyMap<string, LoadedConfig>;
  readonly #nearest = new Map<string, LoadedConfig | null>();
  readonly #groups = new Map<CreationRule, readonly KeyGroup[] | null>();
  readonly #universal = new Map<CreationRule, boolean>();

  /** @param files every `.sops.yaml` of the tree; paths relative to the repository */
  constructor(files: Iterable<{ readonly path: string; readonly bytes: Uint8Array }>) {
    this.configs = [...files].map(({ path, bytes }) => ({ path, ...readSopsConfig(bytes) }));
    this.#byPath = new Map(this.configs.map((config) => [config.path, config]));
  }

  /** The nearest at or above the file's folder. */
  configFor(path: string): LoadedConfig | null {
    const folder = path.slice(0, path.lastIndexOf('/') + 1);
    const known = this.#nearest.get(folder);
    if (known !== undefined) return known;
    const found = configCandidates(path).find((candidate) => this.#byPath.has(candidate));
    const config = found === undefined ? null : (this.#byPath.get(found) ?? null);
    this.#nearest.set(folder, config);
    return config;
  }

  /** The first rule that matches, or null. */
  ruleFor(path: string): GoverningRule | null {
    const config = this.configFor(path);
    if (config === null) return null;
    const rule = matchCreationRule(config.config, relativeTo(config, path));
    return rule === null ? null : { config, rule, keyGroups: this.keyGroupsOf(rule) };
  }

  keyGroupsOf(rule: CreationRule): readonly KeyGroup[] | null {
    const known = this.#groups.get(rule);
    if (known !== undefined) return known;
    const groups = readGroups(rule);
    this.#groups.set(rule, groups);
    return groups;
  }

  /** Whether the rule matches every path: it says how to encrypt, not what. */
  isUniversal(rule: CreationRule): boolean {
    const known = this.#universal.get(rule);
    if (known !== undefined) return known;
    const universal = rule.pathRegex === null || ANY_NAMES.every((name) => rule.matches(name));
    this.#universal.set(rule, universal);
    return universal;
  }
}

/** The keys a rule asks for, as a text that is equal for equal demands. */
export function demandedKeys({ keyGroups, rule }: GoverningRule): string {
  const groups = (keyGroups ?? []).map(({ keys }) => keys.map(canonicalKey).sort());
  return JSON.stringify([groups, rule.shamirThreshold]);
}

/** All that a rule asks for, as a text that is equal for equal demands. */
export function demandsText(governing: GoverningRule): string {
  const { selection, macOnlyEncrypted } = governing.rule;
  return JSON.stringify([demandedKeys(governing), selection, macOnlyEncrypted === true]);
}

/** The path as the rules of that configuration see it. */
export function relativeTo(config: LoadedConfig, path: string): string {
  return path.slice(config.path.lastIndexOf('/') + 1);
}

function readGroups(rule: CreationRule): readonly KeyGroup[] | null {
  try {
    return keyGroupsOf(rule, { createdAt: '' });
  } catch (error) {
    if (error instanceof TidelockError) return null;
    throw error;
  }
}
