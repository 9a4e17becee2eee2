import {
  type AllowEntry,
  applyAllowEntries,
  CONTENT_RULES,
  DEPLOY_RULE_IDS,
  type Finding,
  globToRegExp,
  NOTE_RULE,
  OWN_RULE,
  ownWords,
  POLICY_RULE_IDS,
  parsePolicy,
} from '@tidelock/guard';
import type { Covered } from './coverage.ts';

/** What the `.tidelock.yaml` of a tree says to the hook. */
export interface TreePolicy {
  covers(path: string): Covered | null;
  /** The findings that no entry of it allows. */
  withoutAllowed(findings: readonly Finding[]): readonly Finding[];
  /** Bytes; null: not given. */
  readonly largestFile: number | null;
}

const ruleIds: ReadonlySet<string> = new Set([
  ...CONTENT_RULES.map(({ id }) => id),
  ...DEPLOY_RULE_IDS,
  ...POLICY_RULE_IDS,
  OWN_RULE,
  NOTE_RULE,
]);

/** @throws TidelockError for a policy with a mistake */
export function readTreePolicy(bytes: Uint8Array, path: string, now: Date): TreePolicy {
  const { rules, allow, largestFile } = parsePolicy(bytes, path, { ruleIds, now });
  const encrypted = rules
    .filter((rule) => rule.encrypted)
    .map((rule) => rule.paths.map((glob) => globToRegExp(glob)));
  const entries: readonly AllowEntry[] = allow;
  return {
    largestFile,
    covers: (file) =>
      encrypted.some((globs) => globs.some((glob) => glob.test(file)))
        ? { reason: ownWords('a rule of .tidelock.yaml'), selects: () => true }
        : null,
    withoutAllowed: (findings) => applyAllowEntries(findings, entries, now).kept,
  };
}
